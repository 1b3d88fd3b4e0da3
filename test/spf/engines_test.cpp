// Both engines over the same cases: where they may differ is written down here.
#include "spf/check_host.hpp"
#include "spf/openspf_suite.hpp"
#include "support/fake_resolver.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>

#include <catch2/catch.hpp>

namespace sekisho::spf {
namespace {

using test::SuiteResolver;

struct Difference {
  std::string_view suite_case;
  std::string_view why;
};
constexpr Difference differences[] = {
    {"ptr-cname-loop",
     "an error of an address look-up for ptr ends libspf2's evaluation; RFC 7208 §5.5 skips the "
     "name"},
    {"p-macro-multiple",
     "of several validated names libspf2 takes the first, not one below the domain; RFC 7208 §7.3 "
     "has a SHOULD, and the suite allows both"},
};

bool may_differ(std::string_view suite_case) {
  return std::ranges::find(differences, suite_case, &Difference::suite_case) !=
         std::ranges::end(differences);
}

bool is_by_library(const Result& result) {
  return result.reason.starts_with("libspf2: ");
}

TEST_CASE("both engines say the same over the OpenSPF suite", "[spf]") {
  const auto path = test::suite_path();
  if (!path) {
    test::skip_suite();
    return;
  }
  int by_library = 0;
  for (const test::SuiteScenario& scenario : test::load_suite(*path)) {
    for (const test::SuiteCase& suite_case : scenario.cases) {
      const auto manner = SuiteResolver::Manner::from_thread;
      const Result ours = test::judge(scenario, suite_case, manner, Engine::sekisho);
      const Result theirs = test::judge(scenario, suite_case, manner, Engine::libspf2);
      INFO(scenario.description << ": " << suite_case.name << ": " << theirs.reason);
      CHECK((theirs.code == ours.code) != may_differ(suite_case.name));
      CHECK(theirs.explanation == ours.explanation);
      by_library += is_by_library(theirs) ? 1 : 0;
    }
  }
  CHECK(by_library > 70);  // else it is no second opinion
}

/// A session with example.org's record and what lies around it.
struct Zone {
  explicit Zone(const std::string& record) : resolver(std::make_shared<test::FakeResolver>()) {
    resolver->add_txt("example.org", record);
    resolver->add_txt("pass.example", "v=spf1 +all");
    resolver->add_txt("fail.example", "v=spf1 -all");
    resolver->add_txt("why.example", "because %{i}");
    resolver->add_address("host.example", "192.0.2.1");
    resolver->add_mx("mail.example", 10, "host.example");
    resolver->add_ptr("192.0.2.1", "host.example");
    resolver->add_address("user.by-user.example", "127.0.0.2");
    resolver->add_address("1.2.0.192.in-addr.by-ip.example", "127.0.0.2");
    request.client = *dns::IpAddress::parse("192.0.2.1");
    request.helo = "helo.example";
    request.sender = "user@example.org";
    request.receiver = "mx.example.net";
  }

  [[nodiscard]] Result judge(Engine engine) const {
    Options options;
    options.engine = engine;
    return check_mail_from(test::lookups_on(resolver), request, options).get();
  }

  std::shared_ptr<test::FakeResolver> resolver;
  Request request;
};

std::string repeated(std::string_view text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) {
    all += text;
  }
  return all;
}

TEST_CASE("libspf2 answers what it is fit for, and our own engine the rest", "[spf]") {
  struct Case {
    std::string_view name;
    std::string record;
    bool is_by_library;
  };
  const Case cases[] = {
      {"a network", "v=spf1 ip4:192.0.2.0/24 -all", true},
      {"another network", "v=spf1 ip4:198.51.100.0/24 -all", true},
      {"IPv6 network", "v=spf1 ip6:2001:db8::/32 ~all", true},
      {"a", "v=spf1 a:host.example -all", true},
      {"mx", "v=spf1 mx:mail.example -all", true},
      {"ptr", "v=spf1 ptr:host.example -all", true},
      {"include", "v=spf1 include:fail.example include:pass.example -all", true},
      {"include of nothing", "v=spf1 include:nowhere.example -all", true},
      {"redirect", "v=spf1 redirect=pass.example", true},
      {"neutral by default", "v=spf1 a:nowhere.example", true},
      {"local part", "v=spf1 exists:%{l}.by-user.example -all", true},
      {"address reversed", "v=spf1 exists:%{ir}.%{v}.by-ip.example -all", true},
      {"softfail with exp", "v=spf1 ~all exp=why.example", true},
      {"fail with exp", "v=spf1 -all exp=why.example", false},
      {"syntax error", "v=spf1 fo:x -all", false},
      {"early redirect", "v=spf1 redirect=fail.example ip4:192.0.2.1", false},
      {"parts counted", "v=spf1 a:%{d2}.nowhere.example -all", false},
      {"whole address space", "v=spf1 a:host.example/0 -all", false},
      {"delimiters unknown to it", "v=spf1 exists:%{l1r,/}.by-user.example -all", false},
      {"empty label", "v=spf1 a:a..b.example -all", false},
      {"three voids", "v=spf1 a:x.example a:y.example a:z.example -all", false},
      {"eleven terms", "v=spf1" + repeated(" include:fail.example", 11) + " -all", false},
      {"eighty networks", "v=spf1" + repeated(" ip4:198.51.100.1", 80) + " -all", false},
      {"itself twelve times", "v=spf1" + repeated(" include:example.org", 12), false},
      // CVE-2023-42118: these abort the library where they reach it.
      {"long mechanism", "v=spf1 a:" + repeated("%{d}", 127) + repeated("x", 20) + ".example -all",
       false},
      {"long modifier", "v=spf1 x=" + repeated("%{d}", 127) + repeated("x", 20) + " -all", false},
  };
  for (const auto& [name, record, is_by_library_] : cases) {
    DYNAMIC_SECTION(name) {
      const Zone zone(record);
      const Result ours = zone.judge(Engine::sekisho);
      const Result theirs = zone.judge(Engine::libspf2);
      INFO(theirs.reason);
      CHECK(is_by_library(theirs) == is_by_library_);
      CHECK(theirs.code == ours.code);
      CHECK(theirs.explanation == ours.explanation);
      CHECK(theirs.domain == ours.domain);
    }
  }
}

TEST_CASE("a long explanation never reaches libspf2 (CVE-2023-42118)", "[spf]") {
  const Zone zone("v=spf1 -all exp=long.example");
  zone.resolver->add_txt("long.example", repeated("%{d}", 127) + repeated("x", 20));
  CHECK(zone.judge(Engine::libspf2) == zone.judge(Engine::sekisho));
}

TEST_CASE("sessions that libspf2 is not asked about", "[spf]") {
  Zone zone("v=spf1 exists:%{S}.example -all");
  SECTION("a loopback client, which it lets pass") {
    zone.request.client = *dns::IpAddress::parse("127.0.0.1");
  }
  SECTION("a loopback client by IPv6") {
    zone.request.client = *dns::IpAddress::parse("::1");
  }
  SECTION("eight-bit octets, which it escapes beyond its buffer (CVE-2021-33912)") {
    zone.request.sender = "us\xc3\xa9r@example.org";
  }
  SECTION("a long sender") {
    zone.request.sender = std::string(300, 'x') + "@example.org";
  }
  SECTION("a HELO of any bytes") {
    zone.request.helo = "helo\x01\xff";
  }
  CHECK(zone.judge(Engine::libspf2) == zone.judge(Engine::sekisho));
}

TEST_CASE("a time-out is a temperror by either engine", "[spf]") {
  for (const std::string record : {"v=spf1 a:slow.example -all", "v=spf1 include:slow.example -all",
                                   "v=spf1 mx:slow.example -all"}) {
    DYNAMIC_SECTION(record) {
      const Zone zone(record);
      zone.resolver->fail("slow.example", dns::Status::timeout);
      const Result theirs = zone.judge(Engine::libspf2);
      CHECK(is_by_library(theirs));
      CHECK(theirs.code == ResultCode::temperror);
      CHECK(zone.judge(Engine::sekisho).code == ResultCode::temperror);
    }
  }
}

}  // namespace
}  // namespace sekisho::spf
