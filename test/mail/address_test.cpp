#include "mail/address.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::mail {
namespace {

using namespace std::string_view_literals;

/// The addresses as `local-part|domain as written`, or the error in words.
std::vector<std::string> parsed(std::string_view value, const AddressLimits& limits = {}) {
  const auto mailboxes = parse_address_list(value, limits);
  if (!mailboxes) {
    return {std::string(format_address_error(mailboxes.error()))};
  }
  std::vector<std::string> addresses;
  for (const Mailbox& mailbox : *mailboxes) {
    addresses.push_back(mailbox.local_part + "|" + mailbox.domain_text);
  }
  return addresses;
}

/// The same of a path; `null` for the null sender.
std::string parsed_path(std::string_view path) {
  const auto read = parse_path(path);
  if (!read) {
    return std::string(format_address_error(read.error()));
  }
  const std::optional<Mailbox>& mailbox = *read;
  return mailbox ? mailbox->local_part + "|" + mailbox->domain_text : "null";
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) {
    all += text;
  }
  return all;
}

TEST_CASE("the mailboxes of an address list are read (RFC 5322 §3.4)", "[mail]") {
  struct Case {
    std::string_view what, value;
    std::vector<std::string> expected;
  };
  const Case cases[] = {
      {"addr-spec", " a@example.com", {"a|example.com"}},
      {"angle brackets", "<a@example.com>", {"a|example.com"}},
      {"display name", "Jane Doe <a@example.com>", {"a|example.com"}},
      {"display name without a blank", "Jane<a@example.com>", {"a|example.com"}},
      {"quoted display name", R"("Doe, J. \"x\" <x@y>" <a@example.com>)", {"a|example.com"}},
      {"words and quoted strings", R"(Jane "X, Y" Doe <a@example.com>)", {"a|example.com"}},
      {"dots in a display name (obs-phrase)", "J. R. Doe <a@example.com>", {"a|example.com"}},
      {"dots only at the end", "word...<x@y>", {"x|y"}},
      {"dot first", ".NET News <a@example.com>", {"a|example.com"}},
      {"UTF-8 display name (RFC 6532)", "Jürgen 关所 <a@example.com>", {"a|example.com"}},
      {"encoded word as display name", "=?utf-8?B?PHhAeT4=?= <a@example.com>", {"a|example.com"}},
      {"an address of the same domain as name", "a@b <c@b>", {"c|b"}},
      {"the same address as name", "a@b.example (c) <A@B.example>", {"A|B.example"}},
      {"several of that kind", "a@b <a@b>, c@d <c@d>", {"a|b", "c|d"}},
      {"two", "a@x.example, B <b@y.example>", {"a|x.example", "b|y.example"}},
      {"dot-atom", "a.b+c@example.com", {"a.b+c|example.com"}},
      {"UTF-8 address", "用户@例え.example", {"用户|例え.example"}},
      {"quoted local part", R"("a <b@c>"@example.com)", {"a <b@c>|example.com"}},
      {"escapes in a local part", R"("a\"\\b\ c"@example.com)", {R"(a"\b c|example.com)"}},
      {"empty quoted local part", R"(""@example.com)", {"|example.com"}},
      {"quoted local part in angle brackets", R"(x <"@"@example.com>)", {"@|example.com"}},
      {"fold in a quoted local part", "\"a\r\n b\"@example.com", {"a b|example.com"}},
      {"comments everywhere",
       "(a)x(b) (c)<(d)a(e)@(f)example.com(g)>(h),(i)b@y.example(j)",
       {"a|example.com", "b|y.example"}},
      {"comments around the at sign", "a (x@y) @ (b@c) example.com", {"a|example.com"}},
      {"nested comment", "(a(b(c)d)e) a@example.com", {"a|example.com"}},
      {"escapes in a comment", R"((\)\(\\) a@example.com)", {"a|example.com"}},
      {"quotes and brackets in a comment", R"((" < [) a@example.com)", {"a|example.com"}},
      {"an address in a comment is none", "a@example.com (x@y, z@w)", {"a|example.com"}},
      {"folds", "\r\n Jane\r\n\tDoe\r\n <a@example.com>\r\n ", {"a|example.com"}},
      {"fold in a comment", "(comm\r\n ent) a@example.com", {"a|example.com"}},
      {"address literal", "a@[192.0.2.1]", {"a|[192.0.2.1]"}},
      {"address literal with blanks", "<a@[ IPv6:2001:db8::1\r\n ]>", {"a|[IPv6:2001:db8::1]"}},
      {"route", "<@x.example,@y.example:a@example.com>", {"a|example.com"}},
      {"route with comments", "<(a)@x(b),(c)@[192.0.2.1](d):(e)a@example.com>", {"a|example.com"}},
      {"word, comment, route and comment", "word()<@a:x@y>(c)", {"x|y"}},
      {"group", "Team: a@x, B <b@y>;", {"a|x", "b|y"}},
      {"empty group among others", "None:;, a@x", {"a|x"}},
      {"group with a comment alone", "None:(nobody); (really), a@x", {"a|x"}},
      {"group in quotes", R"("A: b" : a@x ;)", {"a|x"}},
      {"two groups", "A:a@x;,B:b@y;", {"a|x", "b|y"}},
      {"right-to-left override in a display name",
       "\u202eecilA <a@example.com>",
       {"a|example.com"}},
      {"equals signs and question marks", "a=?b@example.com", {"a=?b|example.com"}},
  };
  for (const auto& [what, value, expected] : cases) {
    DYNAMIC_SECTION(what) {
      CHECK(parsed(value) == expected);
    }
  }
}

TEST_CASE("dots may stand anywhere in a local part, as carriers gave such addresses out",
          "[mail]") {
  for (const std::string local_part : {"a..b", "a.", ".a", "a...b.", "."}) {
    DYNAMIC_SECTION(local_part) {
      const auto mailboxes = parse_address_list("<" + local_part + "@carrier.example>");
      REQUIRE(mailboxes);
      REQUIRE(mailboxes->size() == 1);
      CHECK(mailboxes->front().local_part == local_part);
      CHECK(mailboxes->front().domain == Domain::parse("carrier.example"));
      CHECK(parse_path(local_part + "@carrier.example").has_value());
    }
  }
}

TEST_CASE("what is no address list is refused", "[mail]") {
  using enum AddressError;
  struct Case {
    std::string_view what, value;
    AddressError expected;
  };
  const Case cases[] = {
      {"nothing", "", empty},
      {"blanks", " \r\n ", empty},
      {"comment alone", "(a@b)", empty},
      {"empty group", "Nobody:;", empty},
      {"empty groups", "A:; , B: (x) ;", empty},

      {"empty members (obs-addr-list)", ",(),,x@y,", syntax},
      {"empty member first", ",x@y", syntax},
      {"empty member last", "x@y,", syntax},
      {"empty members last", "x@y,,", syntax},
      {"comment as member", "x@y,(c)", syntax},
      {"empty member in a group (obs-group-list)", "A:,;", syntax},
      {"empty member last in a group", "A:a@b,;", syntax},

      {"no at sign", "Jane", syntax},
      {"no local part", "@example.com", syntax},
      {"no domain", "a@", syntax},
      {"no domain in angle brackets", "<a@>", syntax},
      {"null address", "<>", syntax},
      {"two at signs", "a@b@c", syntax},
      {"two at signs in angle brackets", "<a@b@c>", syntax},
      {"two words and no angle brackets", "a b@c", syntax},
      {"two quoted words", R"("a" "b"@c)", syntax},
      {"quoted word beside an atom (obs-local-part)", R"(a."b"@c)", syntax},
      {"blank inside a local part (obs-local-part)", "<a . b@c>", syntax},
      {"blank inside a domain (obs-domain)", "<a@b . c>", syntax},
      {"comment inside a domain", "<a@b(.example).c>", syntax},
      {"dot last in a domain", "<a@b.>", syntax},
      {"two dots in a domain", "<a@b..c>", syntax},
      {"quoted domain", R"(<a@"b">)", syntax},
      {"word after an address", "a@b c", syntax},
      {"angle brackets after an address", "a@b <c@d>", syntax},
      {"angle brackets after angle brackets", "<a@b><c@d>", syntax},
      {"text after angle brackets", "<a@b> c", syntax},
      {"colon after angle brackets", "<a@b>: c@d;", syntax},
      {"angle brackets in angle brackets", "<<a@b>>", syntax},
      {"comma in a display name", "Doe, Jane <a@b>", syntax},
      {"at sign in a display name", "x@y <a@b>", syntax},
      {"two addresses of one domain as name", "x@b y@b <a@b>", syntax},
      {"an address of no domain as name", "x@[192.0.2.1] <a@[192.0.2.1]>", syntax},
      {"an address as name of nothing", "x@b <>", syntax},
      {"words around an address as name", "x@b y <a@b>", syntax},
      {"square brackets in a display name", "[list] x <a@b>", syntax},
      {"backslash", R"(a\b@c)", syntax},
      {"semicolon between addresses", "a@b; c@d", syntax},
      {"group in a group", "A: B: a@b;;", syntax},
      {"group without a name", ": a@b;", syntax},
      {"group without an end", "A: a@b", syntax},
      {"text after a group", "A: a@b; c", syntax},
      {"text after an empty group", "A:; c", syntax},
      {"semicolon alone", ";", syntax},
      {"route without an address", "<@a:>", syntax},
      {"route with an empty member", "<@a,,@b:c@d>", syntax},
      {"route twice", "<@a:@b:x@y>", syntax},
      {"route outside angle brackets", "@a:b@c", syntax},

      {"quotes without an end", R"("a <b@c>)", syntax},
      {"escaped quote at the end", R"("a\")", syntax},
      {"backslash at the end", "\"a\\", syntax},
      {"escaped line end in quotes", "\"a\\\r\n b\"@c", syntax},
      {"comment without an end", "(a a@b", syntax},
      {"comment without a beginning", "a@b)", syntax},
      {"inner comment without an end", "((a) a@b", syntax},
      {"backslash at the end of a comment", "(\\", syntax},
      {"angle bracket without an end", "x <a@b", syntax},
      {"angle bracket without a beginning", "a@b>", syntax},
      {"literal without an end", "a@[192.0.2.1", syntax},
      {"literal without a beginning", "a@192.0.2.1]", syntax},
      {"literal in a literal", "a@[[1]]", syntax},
      {"escape in a literal (obs-dtext)", R"(a@[\1])", syntax},

      {"encoded word as local part", "=?utf-8?Q?a?=@b", syntax},
      {"encoded word in a quoted local part", R"("=?utf-8?Q?a?="@b)", syntax},
      {"encoded word as domain", "a@=?utf-8?Q?b?=", syntax},
      {"encoded word as the whole address", "<=?utf-8?Q?a=40b?=>", syntax},

      {"NUL", "a@b\0"sv, bad_character},
      {"NUL in quotes", "\"\0\"@b"sv, bad_character},
      {"control in a comment", "(\x01) a@b", bad_character},
      {"DEL", "a\x7f@b", bad_character},
      {"bare CR", "a@b\r ", bad_character},
      {"bare LF", "a@b\n ", bad_character},
      {"CRLF that is no fold", "a@b\r\n", bad_character},
      {"CRLF before a character", "(comm\r\nent) a@b", bad_character},
      {"invalid UTF-8 in a display name", "\xff <a@b>", bad_character},
      {"overlong UTF-8 of an at sign", "a\xc1\x80legitimate.com", bad_character},
  };
  for (const auto& [what, value, expected] : cases) {
    DYNAMIC_SECTION(what) {
      const auto mailboxes = parse_address_list(value);
      REQUIRE_FALSE(mailboxes.has_value());
      CHECK(format_address_error(mailboxes.error()) == format_address_error(expected));
    }
  }
}

TEST_CASE("an address list is held to its limits", "[mail]") {
  const AddressLimits limits{.mailboxes = 2, .comment_depth = 3};
  const std::string too_many(format_address_error(AddressError::too_many));
  const std::string too_deep(format_address_error(AddressError::too_deep));
  const std::string syntax(format_address_error(AddressError::syntax));

  CHECK(parsed("a@x,b@y", limits).size() == 2);
  CHECK(parsed("a@x,b@y,c@z", limits) == std::vector{too_many});
  CHECK(parsed("A:a@x,b@y,c@z;", limits) == std::vector{too_many});
  CHECK(parsed("(((c)))a@x", limits) == std::vector<std::string>{"a|x"});
  CHECK(parsed("((((c))))a@x", limits) == std::vector{too_deep});
  CHECK(parsed("a@x", {.mailboxes = 2, .comment_depth = 0}) == std::vector<std::string>{"a|x"});

  // Hostile sizes: the depth of comments is a count, not a call stack.
  CHECK(parsed(repeated("(", 10'000) + "a@x") == std::vector{too_deep});
  CHECK(parsed(repeated("(", 1'000'000) + repeated(")", 1'000'000) + "a@x",
               {.mailboxes = 1, .comment_depth = 1'000'000}) == std::vector<std::string>{"a|x"});
  CHECK(parsed(repeated("()", 30'000) + "a@x") == std::vector<std::string>{"a|x"});
  CHECK(parsed(repeated("a@x,", 60'000)) == std::vector{too_many});
  CHECK(parsed(repeated("A:;,", 60'000) + "a@x") == std::vector<std::string>{"a|x"});
  CHECK(parsed(repeated("a ", 60'000) + "<a@x>") == std::vector<std::string>{"a|x"});
  CHECK(parsed(repeated("\"\\\"", 60'000)) == std::vector{syntax});
  CHECK(parsed("<" + repeated("@a,", 60'000) + "@a:a@x>") == std::vector<std::string>{"a|x"});
}

TEST_CASE("a mailbox has a domain only where its name is valid", "[mail]") {
  struct Case {
    std::string_view value, expected;
  };
  const Case cases[] = {
      {"a@EXAMPLE.com", "example.com"}, {"a@bücher.example", "xn--bcher-kva.example"},
      {"a@[192.0.2.1]", "none"},        {"a@legit.example'attack.example", "none"},
      {"a@a=b.example", "none"},        {"a@xn--a.example", "xn--a.example"},
  };
  for (const auto& [value, expected] : cases) {
    DYNAMIC_SECTION(value) {
      const auto mailboxes = parse_address_list(value);
      REQUIRE(mailboxes.has_value());
      REQUIRE(mailboxes->size() == 1);
      const std::optional<Domain>& domain = mailboxes->front().domain;
      CHECK((domain ? domain->text() : "none") == expected);
    }
  }
}

TEST_CASE("a path is read (RFC 5321 §4.1.2)", "[mail]") {
  struct Case {
    std::string_view what, path, expected;
  };
  const Case cases[] = {
      {"null sender", "<>", "null"},
      {"null sender without brackets", "", "null"},
      {"in brackets", "<a@example.com>", "a|example.com"},
      {"without brackets", "a@example.com", "a|example.com"},
      {"quoted local part", R"(<"a b>\""@example.com>)", R"(a b>"|example.com)"},
      {"route", "<@x.example,@y.example:a@example.com>", "a|example.com"},
      {"literal", "<a@[192.0.2.1]>", "a|[192.0.2.1]"},
      {"UTF-8 (RFC 6531)", "<用户@bücher.example>", "用户|bücher.example"},
      {"variable return path", "<list-bounces+a=example.org@example.com>",
       "list-bounces+a=example.org|example.com"},
      {"espoofer server_a7: route", "<@legitimate.com,@any.com:'any@attack.com>",
       "'any|attack.com"},

      {"espoofer server_a2: parenthesis", "<(any@legitimate.com>", "not a list of addresses"},
      {"espoofer server_a5: comment in the domain", "<any@legitimate.com(a.attack.com>",
       "not a list of addresses"},
      {"espoofer server_a6: two at signs", "<any@legitimate.com'@any.attack.com>",
       "not a list of addresses"},
      {"weak links A6: truncation at a bad octet",
       "<a@mail.spoofing.com\xff"
       "attack.com>",
       "a control character or invalid UTF-8"},
      {"comment", "<a@example.com(c)>", "not a list of addresses"},
      {"blank", "<a@example.com >", "not a list of addresses"},
      {"blank before the brackets", " <a@example.com>", "not a list of addresses"},
      {"display name", "A <a@example.com>", "not a list of addresses"},
      {"two addresses", "a@example.com,b@example.com", "not a list of addresses"},
      {"first bracket alone", "<a@example.com", "not a list of addresses"},
      {"last bracket alone", "a@example.com>", "not a list of addresses"},
      {"brackets twice", "<<a@example.com>>", "not a list of addresses"},
      {"no domain", "<postmaster>", "not a list of addresses"},
      {"route alone", "<@x.example:>", "not a list of addresses"},
      {"line end", "<a@example.com\r\n >", "a control character or invalid UTF-8"},
      {"tab in quotes", "<\"\t\"@example.com>", "a control character or invalid UTF-8"},
      {"NUL", "<a@example.com\0>"sv, "a control character or invalid UTF-8"},
  };
  for (const auto& [what, path, expected] : cases) {
    DYNAMIC_SECTION(what) {
      CHECK(parsed_path(path) == expected);
    }
  }
}

}  // namespace
}  // namespace sekisho::mail
