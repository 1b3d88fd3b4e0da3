#include "mta_sts/policy.hpp"

#include <string>

#include <catch2/catch.hpp>

namespace sekisho::mta_sts {
namespace {

const std::string good =
    "version: STSv1\r\nmode: enforce\r\nmx: mail.example.com\r\nmx: *.example.net\r\n"
    "mx: backupmx.example.com\r\nmax_age: 604800\r\n";

std::string changed(const std::string& from, const std::string& to) {
  std::string text = good;
  return text.replace(text.find(from), from.size(), to);
}

TEST_CASE("the policy of RFC 8461 §3.2 is read", "[mta_sts]") {
  const auto policy = parse_policy(good);
  REQUIRE(policy);
  CHECK(policy->mode == Mode::enforce);
  CHECK(policy->max_age == 604'800);
  CHECK(policy->patterns ==
        std::vector<std::string>{"mail.example.com", "*.example.net", "backupmx.example.com"});
}

TEST_CASE("what a policy must not have is refused", "[mta_sts]") {
  struct Case {
    const char* what;
    std::string text;
    Fault fault;
  };
  const Case cases[] = {
      {"nothing", "", Fault::no_version},
      {"HTML", "<html>\n", Fault::malformed_line},
      {"another version", changed("STSv1", "STSv2"), Fault::no_version},
      {"no mode", changed("mode: enforce\r\n", ""), Fault::no_mode},
      {"another mode", changed("enforce", "Enforce"), Fault::no_mode},
      {"no max_age", changed("max_age: 604800\r\n", ""), Fault::no_max_age},
      {"max_age with a unit", changed("604800", "7d"), Fault::no_max_age},
      {"max_age of eleven digits", changed("604800", "00000604800"), Fault::no_max_age},
      {"max_age over a year", changed("604800", "31557601"), Fault::max_age_too_long},
      {"two modes", good + "mode: none\r\n", Fault::duplicate_field},
      {"nmx", "version: STSv1\nmode: enforce\nnmx: a.example\nmax_age: 1\n", Fault::no_mx},
      {"an address", changed("mail.example.com", "192.0.2.1"), Fault::invalid_mx},
      {"a U-label", changed("mail.example.com", "m\xc3\xbcll.example"), Fault::invalid_mx},
      {"an inner asterisk", changed("*.example.net", "mx.*.example.net"), Fault::invalid_mx},
      {"an empty mx", changed("*.example.net", ""), Fault::invalid_mx},
      {"70 KB", good + std::string(70'000, '\n'), Fault::too_long},
  };
  for (const auto& [what, text, fault] : cases) {
    DYNAMIC_SECTION(what) {
      const auto policy = parse_policy(text);
      REQUIRE_FALSE(policy);
      CHECK(policy.error() == fault);
    }
  }
}

TEST_CASE("what a policy may have is read", "[mta_sts]") {
  CHECK(parse_policy(changed("\r\n", "\n")));
  CHECK(parse_policy(good + "x-field: anything\r\n\r\n"));
  CHECK(parse_policy("version: STSv1\nmode: none\nmax_age: 0\n"));
  CHECK(parse_policy(good.substr(0, good.size() - 2)));  // no end of the last line
}

TEST_CASE("an asterisk stands for one label", "[mta_sts]") {
  const auto policy = parse_policy(good);
  REQUIRE(policy);
  struct Case {
    const char* host;
    bool is_allowed;
  };
  const Case cases[] = {{"mail.example.com", true},  {"MAIL.Example.com", true},
                        {"mail.example.com.", true}, {"mx1.example.net", true},
                        {"example.net", false},      {"a.mx1.example.net", false},
                        {".example.net", false},     {"mail.example.org", false}};
  for (const auto& [host, is_allowed] : cases) {
    CAPTURE(host);
    CHECK(allows(*policy, host) == is_allowed);
  }
}

}  // namespace
}  // namespace sekisho::mta_sts
