#include "authres/authentication_results.hpp"
#include "authres/scanner.hpp"

#include <algorithm>
#include <string>

#include <catch2/catch.hpp>

using namespace sekisho::authres;

namespace {

AuthenticationResults with_property(std::string value) {
  return {"mx.example.org",
          {{.method = "spf", .result = "pass", .properties = {{"smtp", "mailfrom", value}}}}};
}

// The longest line in columns, the field's name and tabs of eight counted in.
std::size_t longest_line(const std::string& value) {
  const std::string field = "Authentication-Results:" + value + "\r\n";
  std::size_t longest = 0;
  std::size_t column = 0;
  for (const char c : field) {
    column = c == '\n' ? 0 : column + (c == '\t' ? 8 : 1);
    longest = std::max(longest, c == '\r' ? column - 1 : 0);
  }
  return longest;
}

}  // namespace

TEST_CASE("a field without results says none (RFC 8601 §2.2, no-result)", "[authres]") {
  CHECK(format({"mx.example.org", {}}) == " mx.example.org; none");
}

TEST_CASE("each result begins a line, properties share lines", "[authres]") {
  const AuthenticationResults field{
      "mx.example.org",
      {{.method = "spf", .result = "pass", .properties = {{"smtp", "mailfrom", "example.com"}}},
       {.method = "dkim",
        .result = "fail",
        .reason = "body hash did not verify",
        .properties = {{"header", "d", "example.com"}, {"header", "s", "a"}}}}};
  CHECK(format(field) ==
        " mx.example.org;\r\n"
        "\tspf=pass smtp.mailfrom=example.com;\r\n"
        "\tdkim=fail reason=\"body hash did not verify\" header.d=example.com\r\n"
        "\theader.s=a");
}

TEST_CASE("each of the tspecials of RFC 2045 §5.1 makes a value no token", "[authres]") {
  constexpr std::string_view tspecials = "()<>@,;:\\\"/[]?=";
  for (int octet = 0; octet < 128; ++octet) {
    const char c = static_cast<char>(octet);
    CAPTURE(octet);
    CHECK(is_token_char(c) == (c > ' ' && c < '\x7f' && !tspecials.contains(c)));
  }
  CHECK_FALSE(is_token_char('\xc3'));
}

TEST_CASE("values are quoted where RFC 2045 §5.1 has no token", "[authres]") {
  struct Case {
    std::string value;
    std::string written;  // empty: left out
  };
  const Case cases[] = {
      {"example.com", "example.com"},
      {"192.0.2.1", "192.0.2.1"},
      {"2001:db8::1", "\"2001:db8::1\""},
      {"a/b+c=", "\"a/b+c=\""},
      {"two words", "\"two words\""},
      {"say \"hi\" \\", "\"say \\\"hi\\\" \\\\\""},
      {"example.net(.example.com", "\"example.net(.example.com\""},  // CVE-2020-12272
      {"@example.com", "@example.com"},
      {"a=b/c@example.com", "a=b/c@example.com"},  // local-part of RFC 5322, dot-atom
      {"\"a b\"@example.com", R"("\"a b\"@example.com")"},
      {"a b@example.com", "\"a b@example.com\""},
      {"a..b@example.com", "\"a..b@example.com\""},
      {"a@b@example.com", "\"a@b@example.com\""},
      {"\u5c02@example.com", "\"\u5c02@example.com\""},  // RFC 6532
      {"b\u00fccher", "\"b\u00fccher\""},
      {"", ""},
      {"=?utf-8?Q?=22=3B_dmarc=3Dpass?=", ""},
      {"a=?b@example.com", ""},
      {"a?=b", "\"a?=b\""},
      {"a\r\nX-Forged: 1", ""},
      {std::string("a\0b", 3), ""},
      {"a\x7f", ""},
      {"\xff@example.com", ""},
      {"\xc0\xaf", ""},
      {std::string(max_written_value, 'a'), std::string(max_written_value, 'a')},
      {std::string(max_written_value + 1, 'a'), ""},
      {std::string(max_written_value - 2, ':'),
       '"' + std::string(max_written_value - 2, ':') + '"'},
      {std::string(max_written_value - 1, ':'), ""},  // with its quotes one octet too long
      {std::string(max_written_value / 2, '"'), ""},  // escapes double it
  };
  for (std::size_t i = 0; i < std::size(cases); ++i) {
    DYNAMIC_SECTION(i << ": " << cases[i].value.substr(0, 40)) {
      const std::string written = format(with_property(cases[i].value));
      if (cases[i].written.empty()) {
        CHECK(written == " mx.example.org;\r\n\tspf=pass");
      } else {
        const bool breaks = cases[i].written.size() > 47;
        CHECK(written == " mx.example.org;\r\n\tspf=pass" + std::string(breaks ? "\r\n\t" : " ") +
                             "smtp.mailfrom=" + cases[i].written);
      }
    }
  }
}

TEST_CASE("lines stay under 78 columns whatever the lengths are", "[authres]") {
  for (std::size_t length = 1; length < 60; ++length) {
    AuthenticationResults field{std::string(length, 'm'), {}};
    for (int i = 0; i < 3; ++i) {
      MethodResult dkim{.method = "dkim", .result = "pass"};
      for (const char* name : {"d", "i", "s", "a", "b"}) {
        dkim.properties.push_back({"header", name, std::string(length, 'x')});
      }
      field.results.push_back(dkim);
    }
    const std::string value = format(field);
    CAPTURE(length);
    CHECK(longest_line(value) < 78);
    CHECK(parse(value) == field);
    field.results.clear();
    CHECK(longest_line(format(field)) < 78);
  }
}

TEST_CASE("a single value that is too long for a line stays whole", "[authres]") {
  const std::string value(200, 'x');
  CHECK(format(with_property(value)).ends_with("\r\n\tsmtp.mailfrom=" + value));
}

TEST_CASE("no line exceeds 998 octets, whatever is in a value or a comment (RFC 5322 §2.1.1)",
          "[authres]") {
  for (const char c : {'x', '"', '\\', ':', ' '}) {
    for (const std::size_t length : {200U, 300U, 512U, 10'000U}) {
      const std::string text(length, c);
      const AuthenticationResults field{"mx.example.org",
                                        {{.method = "auth",
                                          .result = "fail",
                                          .reason = text,
                                          .properties = {{"smtp", "auth", text}},
                                          .comment = text}}};
      CAPTURE(c, length);
      CHECK(longest_line(format(field, {.comments = true})) <= 998);
    }
  }
}

TEST_CASE("results that exceed the room of the field are left out", "[authres]") {
  AuthenticationResults field{"mx.example.org", {}};
  for (int i = 0; i < 100; ++i) {
    field.results.push_back({.method = "dkim",
                             .result = "pass",
                             .properties = {{"header", "d", std::string(500, 'a')}}});
  }
  const std::string value = format(field);
  CHECK(value.size() <= max_written_octets);
  CHECK(value.size() > max_written_octets - 600);
  const auto read = parse(value);
  REQUIRE(read.has_value());
  CHECK(read->results.size() == 19);
  CHECK(read->results.back() == field.results.front());

  // Exactly full, and one octet more.
  field.results.resize(19);
  const std::size_t room = max_written_octets - format(field).size();
  field.results.front().reason = std::string(room - std::string_view("\r\n\treason=").size(), 'r');
  CHECK(format(field).size() == max_written_octets);
  CHECK(parse(format(field))->results.size() == 19);
  field.results.front().reason += 'r';
  CHECK(parse(format(field))->results.size() == 18);
}

TEST_CASE("comments are off by default, and harmless where they are on", "[authres]") {
  const AuthenticationResults field{
      "mx.example.org",
      {{.method = "dkim", .result = "pass", .comment = "a;b (c) \\ \"d\"\r\ne\xff\x7f~"}}};
  CHECK(format(field) == " mx.example.org;\r\n\tdkim=pass");
  CHECK(format(field, {.comments = true}) ==
        " mx.example.org;\r\n\tdkim=pass (a?b ?c? ? ?d???e??~)");
}

TEST_CASE("an authserv-id that is no token is quoted (RFC 8601 §2.5)", "[authres]") {
  CHECK(format({"mx example", {}}) == " \"mx example\"; none");
}
