#include "authres/authentication_results.hpp"

#include <string>

#include <catch2/catch.hpp>

using namespace sekisho::authres;

namespace {

using Expected = std::expected<AuthenticationResults, ParseError>;

AuthenticationResults of(std::vector<MethodResult> results) {
  return {"example.com", std::move(results)};
}

}  // namespace

TEST_CASE("the examples of RFC 8601 appendix B are read", "[authres]") {
  CHECK(parse(" example.org 1; none") == AuthenticationResults{"example.org", {}});

  CHECK(parse(" example.com;\r\n          spf=pass smtp.mailfrom=example.net") ==
        of({{.method = "spf",
             .result = "pass",
             .properties = {{"smtp", "mailfrom", "example.net"}}}}));

  CHECK(parse(" example.com;\r\n"
              "          auth=pass (cram-md5) smtp.auth=sender@example.net;\r\n"
              "          spf=pass smtp.mailfrom=example.net") ==
        of({{.method = "auth",
             .result = "pass",
             .properties = {{"smtp", "auth", "sender@example.net"}}},
            {.method = "spf",
             .result = "pass",
             .properties = {{"smtp", "mailfrom", "example.net"}}}}));

  CHECK(parse(" example.com;\r\n"
              "          dkim=pass reason=\"good signature\"\r\n"
              "          header.i=@mail-router.example.net;\r\n"
              "          dkim=fail reason=\"bad signature\"\r\n"
              "          header.i=@newyork.example.com") ==
        of({{.method = "dkim",
             .result = "pass",
             .reason = "good signature",
             .properties = {{"header", "i", "@mail-router.example.net"}}},
            {.method = "dkim",
             .result = "fail",
             .reason = "bad signature",
             .properties = {{"header", "i", "@newyork.example.com"}}}}));

  // B.7: comments wherever they may be
  CHECK(parse("foo.example.net (foobar) 1 (baz);\r\n"
              "    dkim (Because I like it) / 1 (One yay) = (wait for it) fail\r\n"
              "      policy (A dot can go here) . (like that) expired\r\n"
              "      (this surprised me) = (as I wasn't expecting it) 1362471462") ==
        AuthenticationResults{"foo.example.net",
                              {{.method = "dkim",
                                .result = "fail",
                                .properties = {{"policy", "expired", "1362471462"}}}}});
}

TEST_CASE("what is and what is not the grammar of RFC 8601 §2.2", "[authres]") {
  const auto pass = of({{.method = "spf", .result = "pass"}});
  const auto with = [](const std::string& value) {
    return of({{.method = "spf", .result = "pass", .properties = {{"smtp", "helo", value}}}});
  };
  const auto syntax = std::unexpected(ParseError::syntax);
  const auto no_id = std::unexpected(ParseError::no_authserv_id);

  struct Case {
    std::string value;
    Expected expected;
  };
  const Case cases[] = {
      {"example.com;spf=pass", pass},
      {"example.com ; spf = pass ", pass},
      {"EXAMPLE.com; SPF=Pass", AuthenticationResults{"EXAMPLE.com", pass.results}},
      {"\"example.com\"; spf=pass", pass},
      {"example.com 1; spf/1=pass", pass},
      {"example.com; spf/2=pass; spf=pass", pass},  // §2.6: other versions are left out
      {"example.com 2; spf=pass", std::unexpected(ParseError::unsupported_version)},
      {"example.com (a (b \\) (c)) d); spf=pass", pass},
      {"example.com\n ;\n\tspf=pass", pass},
      {"example.com; none", of({})},
      {"example.com; NONE (really)", of({})},
      {"example.com; spf=pass reason=x", of({{.method = "spf", .result = "pass", .reason = "x"}})},
      {"example.com; spf=pass reason = (c) \"a; b\" smtp.helo=d",
       of({{.method = "spf",
            .result = "pass",
            .reason = "a; b",
            .properties = {{"smtp", "helo", "d"}}}})},
      {"example.com; spf=pass smtp . helo = \"a b\"", with("a b")},
      {"example.com; spf=pass smtp.helo=\"a\r\n b\\\"c\"", with("a b\"c")},
      {"example.com; spf=pass smtp.helo=\"a b\"@example.org", with("\"a b\"@example.org")},
      {"example.com; spf=pass smtp.helo=@example.org", with("@example.org")},
      {"example.com; spf=pass smtp.helo=2001:db8::1", with("2001:db8::1")},  // as Google writes it
      {"example.com; spf=pass smtp.helo=a/b+c=", with("a/b+c=")},
      {"example.com; spf=pass action=none smtp.helo=d", with("d")},  // as Microsoft writes it
      {"example.com; x-unknown=y ext.z=1",
       of({{.method = "x-unknown", .result = "y", .properties = {{"ext", "z", "1"}}}})},

      {"spf=pass (sender IP is 192.0.2.1)\r\n smtp.mailfrom=example.org; dkim=none", no_id},
      {"dkim=none", no_id},
      {"", no_id},
      {" (nobody)", no_id},
      {"; spf=pass", no_id},
      {"example.com", syntax},
      {"example.com;", syntax},
      {"example.com; spf=pass;", syntax},
      {"example.com; ; spf=pass", syntax},
      {"example.com; none; spf=pass", syntax},
      {"example.com; spf=pass; none", syntax},
      {"example.com; spf", syntax},
      {"example.com; spf=", syntax},
      {"example.com; =pass", syntax},
      {"example.com; spf/=pass", syntax},
      {"example.com example.org; spf=pass", syntax},
      {"\"example.com\"1; spf=pass", syntax},
      {"\"example.com; spf=pass", syntax},
      {"example.com (; spf=pass", syntax},
      {"example.com ); spf=pass", syntax},
      {"example.com (a\\", syntax},
      {"example.com; spf=pass reason=", syntax},
      {"example.com; spf=pass reason=a reason=b", syntax},
      {"example.com; spf=pass smtp.helo=a reason=b", syntax},
      {"example.com; spf=pass smtp.helo", syntax},
      {"example.com; spf=pass action", syntax},
      {"example.com; spf=pass action=", syntax},
      {"example.com; spf=pass smtp.=a", syntax},
      {"example.com; spf=pass .helo=a", syntax},
      {"example.com; spf=pass smtp.helo=", syntax},
      {"example.com; spf=pass smtp.helo=\"a", syntax},
      {"example.com; spf=pass smtp.helo=a\\b", syntax},
      {"example.com; spf=pass\r\nX-Forged: 1", syntax},
      {"example.com; spf=pass smtp.helo=\"a\nb\"", syntax},
      {std::string("example.com;\0spf=pass", 21), syntax},
      {std::string("example.com (\0); spf=pass", 25), syntax},
      {"example.com; spf=pass smtp.helo=\xff", syntax},
  };
  for (const auto& [value, expected] : cases) {
    DYNAMIC_SECTION(value) {
      CHECK(parse(value) == expected);
    }
  }
}

TEST_CASE("hostile sizes have a definite result (RFC 8601 §7.8)", "[authres]") {
  CHECK(parse(std::string(max_parsed_octets, ' ')) == std::unexpected(ParseError::no_authserv_id));
  CHECK(parse(std::string(max_parsed_octets + 1, ' ')) == std::unexpected(ParseError::too_large));
  CHECK(parse(std::string(30'000, '(')) == std::unexpected(ParseError::syntax));
  CHECK(parse(std::string(30'000, '(') + std::string(30'000, ')') + " example.com; none") ==
        of({}));
}
