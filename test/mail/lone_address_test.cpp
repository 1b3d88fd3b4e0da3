// Whose display part does not parse, and who stays refused. The shapes of the first table are from
// bug trackers and real mail (staktrace/mailparse#102, karastojko/mailio#91, wttw/aboutmyemail#8).
#include "mail/lone_address.hpp"

#include "mail/author.hpp"

#include <string>
#include <string_view>

#include <catch2/catch.hpp>

namespace sekisho::mail {
namespace {

using namespace std::string_view_literals;
using enum FromFault;

std::string in_words(FromFault fault) {
  return std::string(describe_from_fault(fault));
}

TEST_CASE("the only address of a field is its author, whatever its display part is", "[mail]") {
  struct Case {
    std::string_view what, value;
    FromFault fault;
    std::string_view local_part = "news";
  };
  const Case cases[] = {
      {"Latin-1", "Jos\xe9 Mu\xf1oz <news@shop.example>", invalid_octet},
      {"Latin-1 in quotes", "\"Jos\xe9, Mu\xf1oz\" <news@shop.example>", invalid_octet},
      {"KOI8-R", "\"\xf0\xd2\xc9\xd7\xc5\xd4\" <news@shop.example>", invalid_octet},
      {"GBK", "\xcd\xf8\xc9\xcf\xc9\xcc\xb3\xc7 <news@shop.example>", invalid_octet},
      {"UTF-8 cut inside a character",
       "\"B\xc3\xbc"
       "cher f\xc3\" <news@shop.example>",
       invalid_octet},
      {"Latin-1 in a comment", "news@shop.example (Jos\xe9)", invalid_octet},
      {"ISO-2022-JP", "\x1b$B%7%g%C%W\x1b(B <news@shop.example>", invalid_octet},
      {"ISO-2022-JP with brackets and quotes in it", "\x1b$B<\">(\x1b(J <news@shop.example>",
       invalid_octet},
      {"ISO-2022-JP in katakana", "\x1b(I123\x1b(B <news@shop.example>", invalid_octet},
      {"JIS X 0212", "\x1b$(D12\x1b(B <news@shop.example>", invalid_octet},
      {"comma", "Doe, Jane <news@shop.example>", comma},
      {"comma behind", "news@shop.example,", comma},
      {"colon", "Re: News <news@shop.example>", colon},
      {"semicolon", "Shop; News <news@shop.example>", semicolon},
      {"semicolon behind", "news@shop.example;", semicolon},
      {"semicolon behind brackets", "Shop <news@shop.example>;", semicolon},
      {"square brackets", "[Shop] News <news@shop.example>", square_bracket},
      {"angle brackets twice", "<<news@shop.example>>", angle_bracket},
      {"angle brackets in the name", "Shop <3 <news@shop.example>", angle_bracket},
      {"parenthesis that is not closed", "Shop (News <news@shop.example>", parenthesis},
      {"comment that is not closed", "news@shop.example (Shop", parenthesis},
      {"parenthesis that was not opened", "Shop) News <news@shop.example>", parenthesis},
      {"quotation mark that is not closed", "\"Shop <news@shop.example>", quotation_mark},
      {"quotation mark inside", "5\" Shop <news@shop.example>", quotation_mark},
      {"quotation marks around all", "\"Shop <news@shop.example>\"", quotation_mark},
      {"quotation marks around the address", "\"news@shop.example\"", quotation_mark},
      {"backslash", "Shop\\News <news@shop.example>", backslash},
      {"no brackets", "Nagios news@shop.example", words_without_brackets},
      {"text behind brackets", "<news@shop.example> Nagios", text_after_address},
      {"blanks in the brackets", "A, B < news@shop.example\r\n >", comma},
      {"an encoded word", "=?utf-8?Q?Shop?=, Inc. <news@shop.example>", comma},
      {"an encoded word with a comma", "=?utf-8?Q?Shop, News?= <news@shop.example>", comma},
      {"odd dots", "A, B <try..this.@shop.example>", comma, "try..this."},
      {"no name for a group", ": news@shop.example;", colon},
      {"a group without an end", "Team: news@shop.example", colon},
  };
  for (const auto& [what, value, fault, local_part] : cases) {
    DYNAMIC_SECTION(what) {
      const Author author = find_author({{"From", " " + std::string(value)}});
      CHECK(format_author_status(author.status) == "single_domain");
      CHECK(in_words(author.fault) == in_words(fault));
      CHECK(has_unparsable_display(author));
      CHECK(author.reason.empty());
      REQUIRE(author.domains.size() == 1);
      CHECK(author.domains.front().text() == "shop.example");
      CHECK(author.mailboxes.front().local_part == local_part);
    }
  }
}

TEST_CASE("an internationalized address is read where all of the field is UTF-8", "[mail]") {
  const auto lone = find_lone_address(" Müller, Jürgen <jürgen@bücher.example>");
  REQUIRE(lone);
  CHECK(lone->mailbox.local_part == "jürgen");
  CHECK(lone->mailbox.domain->text() == "xn--bcher-kva.example");
  CHECK_FALSE(find_lone_address(" M\xfcller <jürgen@bücher.example>"));
}

TEST_CASE("what could show another author is refused", "[mail]") {
  struct Case {
    std::string_view what, value;
    FromFault fault;
  };
  const Case cases[] = {
      {"two addresses and Latin-1", "\xe9 <a@attack.example>, <b@victim.example>",
       several_at_signs},
      {"an at sign in the name", "Team @ Shop <news@shop.example>", several_at_signs},
      {"an address as name, and Latin-1", "\"\xe9 b@victim.example\" <a@attack.example>",
       several_at_signs},
      {"full-width at sign", "b＠victim.example, <a@attack.example>", several_at_signs},
      {"full-width at sign among octets that are no UTF-8",
       "\xe9 b\xef\xbc\xa0victim.example <a@attack.example>", several_at_signs},
      {"small at sign", "b﹫victim.example, <a@attack.example>", several_at_signs},
      {"at sign of JIS C 6226", "\x1b$@12\x1b(B <a@attack.example>", control_character},
      {"at sign among shifted octets", "\x1b$B@!\x1b(B <a@attack.example>", several_at_signs},
      {"the address is shifted", "\x1b$B<a@attack.example>\x1b(B", malformed_address},
      {"encoded at sign, Q", "=?utf-8?Q?b=40victim.example?=, <a@attack.example>", encoded_address},
      {"encoded at sign, B", "=?utf-8?B?YkB2aWN0aW0uZXhhbXBsZQ==?=, <a@attack.example>",
       encoded_address},
      {"encoded at sign, UTF-7", "=?utf-7?Q?b+AEA-victim.example?=, <a@attack.example>",
       encoded_address},
      {"encoded word that closes a bracket", "<=?utf-8?q?b=40victim.example=3E?= a@attack.example>",
       encoded_address},
      {"an encoded word alone", "=?utf-8?B?PGFAYXR0YWNrLmV4YW1wbGU+?=", encoded_address},
      {"encoded word in the local part", "\xe9 <=?utf-8?q?admin?=@victim.example>",
       malformed_address},
      {"encoded word that is not closed", "=?utf-8?Q?b=40victim.example, <a@attack.example>",
       encoded_address},

      {"NUL", "\xe9 <a@attack.example>\0"sv, control_character},
      {"bare CR", "A, B\r <a@attack.example>", control_character},
      {"bare LF", "A, B\n <a@attack.example>", control_character},
      {"CRLF at the end", "A, B <a@attack.example>\r\n", control_character},
      {"escape that is no ISO-2022-JP", "\x1b[2J <a@attack.example>", control_character},
      {"ISO-2022-JP that does not end", "\x1b$B12 <a@attack.example>", control_character},
      {"DEL", "\x7f <a@attack.example>", control_character},

      {"octet behind the domain",
       "<a@attack.example\xff"
       "victim.example>",
       malformed_address},
      {"overlong dot in the domain",
       "<a@attack\xc0\xae"
       "example>",
       malformed_address},
      {"octet in the local part", "<a\xe9@attack.example>", malformed_address},
      {"octet before the local part", "<\xe9z@attack.example>", malformed_address},
      {"bracket that is not closed", "Doe, J <a@attack.example", malformed_address},
      {"bracket that was not opened", "Doe, J a@attack.example>", malformed_address},
      {"brackets elsewhere", "a@attack.example <victim.example>", malformed_address},
      {"brackets before", "<victim.example> a@attack.example", malformed_address},
      {"text against the bracket", "Doe, J <a@attack.example>.victim.example", malformed_address},
      {"text against two brackets", "<<a@attack.example>>victim.example", malformed_address},
      {"fold in the domain", "<a@attack.\r\n example>", malformed_address},
      {"the name behind an address", "a@attack.example Nagios", malformed_address},
      {"a quoted name behind an address", "a@attack.example \"Nagios\"", malformed_address},
      {"an escape sequence behind the domain", "J, a@attack.example\x1b(B", malformed_address},
      {"an escape sequence in the local part", "<a\x1b(B@attack.example>", malformed_address},
      {"blank before a dot", "J, a@attack .example", malformed_address},
      {"blanks around the at sign", "<a @ attack.example>", malformed_address},
      {"blank behind the at sign", "<a@ attack.example>", malformed_address},
      {"comment in the domain", "<a@attack.(c)example>", malformed_address},
      {"comment against the domain", "J, a@attack.example(.victim.example)", malformed_address},
      {"dot behind the domain", "<a@attack.example.>", malformed_address},
      {"two dots in the domain", "<a@attack..example>", malformed_address},
      {"no local part", "J, <@attack.example>", malformed_address},
      {"no domain", "J, <a@>", malformed_address},
      {"quoted local part", "J, <\"b\"@attack.example>", malformed_address},
      {"apostrophes around it", "J, 'a@attack.example'", malformed_address},
      {"in a comment", "J, (a@attack.example)", malformed_address},
      {"in brackets in a comment", "Shop (<a@attack.example>)", malformed_address},
      {"in a comment that is not closed", "( a@attack.example", malformed_address},
      {"in quotation marks that are not closed", "\"a@attack.example", malformed_address},
      {"in quotation marks with a name", "\"J a@attack.example\"", malformed_address},
      {"a scheme in the brackets", "<mailto:a@attack.example>", malformed_address},
      {"square brackets around it", "[a@attack.example]", malformed_address},
      {"address literal", "J, <a@[192.0.2.1]>", malformed_address},
      {"empty members", ",(),,a@attack.example,", malformed_address},
      {"empty members behind", "a@attack.example,,", malformed_address},
      {"nested groups", "a: b: <a@attack.example>;;", malformed_address},
      {"name that is none", "J, <a@attack_.xn--a->", invalid_domain},
      {"no at sign", "Doe, Jane", no_domain},
      {"no at sign, Latin-1", "Jos\xe9", no_domain},
      {"nothing", "", no_domain},
  };
  for (const auto& [what, value, fault] : cases) {
    DYNAMIC_SECTION(what) {
      const auto lone = find_lone_address(" " + std::string(value));
      REQUIRE_FALSE(lone.has_value());
      CHECK(in_words(lone.error()) == in_words(fault));
    }
  }
}

TEST_CASE("only a From field that is no address list is read so", "[mail]") {
  struct Case {
    std::string_view value, status;
    FromFault fault;
  };
  const Case cases[] = {
      {" a@b.example", "single_domain", none},
      {" a@b.example, c@d.example", "multiple_domains", several_domains},
      {" a@[192.0.2.1]", "unusable_domain", address_literal},
      {" a@b.example, c@[192.0.2.1]", "unusable_domain", address_literal},
      {" a@legitimate．com", "unusable_domain", invalid_domain},
      {" (a@b.example)", "no_author", no_author},
      {" Team @ Shop <news@shop.example>", "unparsable", several_at_signs},
      {" root (Cron Daemon)", "unparsable", no_domain},
  };
  for (const auto& [value, status, fault] : cases) {
    DYNAMIC_SECTION(value) {
      const Author author = find_author({{"From", std::string(value)}});
      CHECK(format_author_status(author.status) == status);
      CHECK(in_words(author.fault) == in_words(fault));
      CHECK_FALSE(has_unparsable_display(author));
    }
  }
  const AddressLimits limits{.mailboxes = 1, .comment_depth = 1};
  CHECK(find_author({{"From", " a@b.c, d@e.f"}}, limits).fault == too_many_authors);
  CHECK(find_author({{"From", " ((x)) a@b.c"}}, limits).fault == comments_too_deep);
  CHECK(find_author({{"From", " \xe9 <a@b.c>"}, {"From", " \xe9 <a@b.c>"}}).fault ==
        several_fields);
}

TEST_CASE("the From field of a delivery report needs no domain", "[mail]") {
  struct Case {
    std::string_view value;
    bool expected;
  };
  const Case cases[] = {
      {" <>", true},
      {" <MAILER-DAEMON>", true},
      {" MAILER-DAEMON", true},
      {" mailer-daemon (Mail Delivery System)", true},
      {" Mail Delivery System <Mailer-Daemon>", true},
      {"\r\n \"Mail Delivery System\" < MAILER-DAEMON >", true},
      {" (report) <>", true},
      {" Bank <>", false},
      {" Bank", false},
      {" <root>", false},
      {" <MAILER-DAEMON> Bank", false},
      {" <MAILER-DAEMON", false},
      {" Bank MAILER-DAEMON", false},
      {" <MAILER-DAEMON MAILER-DAEMON>", false},
      {" \"b@bank.example\" <MAILER-DAEMON>", false},
      {" =?utf-8?Q?b=40bank.example?= <MAILER-DAEMON>", false},
      {" b＠bank.example <MAILER-DAEMON>", false},
      {" \xe9 <MAILER-DAEMON>", false},
      {" MAILER-DAEMON@bank.example", false},
      {"", false},
  };
  for (const auto& [value, expected] : cases) {
    DYNAMIC_SECTION(value) {
      CHECK(names_mailer_daemon(value, {}) == expected);
      CHECK((find_author({{"From", std::string(value)}}).status == AuthorStatus::mailer_daemon) ==
            expected);
    }
  }
}

TEST_CASE("faults are told in words of their own", "[mail]") {
  for (int fault = 1; fault <= static_cast<int>(text_after_address); ++fault) {
    const std::string words = in_words(static_cast<FromFault>(fault));
    CHECK(words.size() > 4);
    for (int other = 1; other < fault; ++other) {
      CHECK(words != in_words(static_cast<FromFault>(other)));
    }
  }
}

TEST_CASE("hostile fields are read in one go", "[mail]") {
  const std::string many(1'000'000, '(');
  CHECK_FALSE(find_lone_address(many + " a@b.example").has_value());
  CHECK(find_lone_address(many + " <a@b.example>").has_value());
  CHECK(find_lone_address(std::string(1'000'000, '\xe9') + " <a@b.example>").has_value());
  CHECK_FALSE(find_lone_address(std::string(1'000'000, '@')).has_value());
}

}  // namespace
}  // namespace sekisho::mail
