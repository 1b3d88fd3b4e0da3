// What is asked before it is wanted: so that a record costs one time of an answer, not one a term.
#include "spf/session.hpp"

#include <algorithm>
#include <chrono>
#include <span>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::spf {
namespace {

using namespace std::chrono_literals;

TEST_CASE("while an answer is missing, what the record will need is asked for", "[spf]") {
  Session session(5ms);
  session.publish("example.org",
                  "v=spf1 include:a.example include:b.example mx exists:%{i}.example.org "
                  "redirect=c.example");
  session.publish("a.example", "v=spf1 include:aa.example");
  session.publish("aa.example", "v=spf1 ip4:198.51.100.1");
  session.publish("b.example", "v=spf1 a:bb.example");
  session.publish("c.example", "v=spf1 ip4:192.0.2.1");
  session.resolver->add_address("bb.example", "198.51.100.1");
  session.resolver->add_mx("example.org", 10, "bb.example");
  CHECK(session.mail_from().code == ResultCode::pass);

  const std::vector<std::string> asked = session.asked();
  const std::vector<std::string> first{
      "example.org", "a.example", "b.example", "example.org", "192.0.2.1.example.org", "c.example"};
  REQUIRE(asked.size() >= first.size());
  CHECK(std::ranges::equal(std::span(asked).first(first.size()), first));
  CHECK(std::ranges::count(asked, "aa.example") == 1);
  CHECK(std::ranges::count(asked, "bb.example") == 2);  // of b.example, and as the mail host
}

TEST_CASE("what is known already is not asked ahead of", "[spf]") {
  Session session;
  session.publish("example.org", "v=spf1 include:a.example include:b.example mx -all");
  session.publish("a.example", "v=spf1 ip4:192.0.2.1 include:c.example");
  CHECK(session.mail_from().code == ResultCode::pass);
  CHECK(session.asked() == std::vector<std::string>{"example.org", "a.example"});
}

TEST_CASE("terms behind all and names that need the client's name are not asked ahead", "[spf]") {
  Session session(2ms);
  session.publish("example.org",
                  "v=spf1 a:a.example exists:%{p}.example ptr ~all mx:b.example "
                  "redirect=c.example");
  session.resolver->add_address("a.example", "192.0.2.1");
  CHECK(session.mail_from().code == ResultCode::pass);
  CHECK(session.asked() == std::vector<std::string>{"example.org", "a.example"});
}

TEST_CASE("while the client's name is missing, what the record will need is asked for", "[spf]") {
  const auto* const term = GENERATE("ptr", "exists:%{p}.example");
  CAPTURE(term);
  Session session(5ms);
  session.publish("example.org",
                  std::string("v=spf1 ") + term + " include:a.example redirect=b.example");
  session.publish("a.example", "v=spf1 ip4:198.51.100.1");
  session.publish("b.example", "v=spf1 ip4:192.0.2.1");
  session.resolver->add_ptr("192.0.2.1", "host.example");
  session.resolver->add_address("host.example", "192.0.2.1");
  CHECK(session.mail_from().code == ResultCode::pass);
  const std::vector<std::string> first{"example.org", "1.2.0.192.in-addr.arpa", "a.example",
                                       "b.example", "host.example"};
  const std::vector<std::string> asked = session.asked();
  REQUIRE(asked.size() >= first.size());
  CHECK(std::ranges::equal(std::span(asked).first(first.size()), first));
}

TEST_CASE("asking ahead stays within ten terms", "[spf]") {
  const auto* const first = GENERATE("", " exists:%{p}.example", " ptr");
  CAPTURE(first);
  Session session(2ms);
  session.resolver->add_ptr("192.0.2.1", "host.test");
  std::string record = std::string("v=spf1") + first;
  for (int i = 0; i < 100; ++i) {
    const std::string name = "n" + std::to_string(i) + ".example";
    record += " a:" + name;
    session.resolver->add_address(name, "198.51.100.1");
  }
  session.publish("example.org", record + " -all");
  CHECK(session.mail_from().code == ResultCode::permerror);
  const std::vector<std::string> asked = session.asked();
  const auto ahead =
      std::ranges::count_if(asked, [](const std::string& name) { return name.starts_with('n'); });
  CHECK(ahead == (std::string_view(first).empty() ? 10 : 9));
}

TEST_CASE("a tree of includes beyond the limit costs less than twice the limit", "[spf]") {
  for (const auto delay : {0ms, 2ms}) {
    DYNAMIC_SECTION("answers after " << delay.count() << " ms") {
      Session session(delay);
      std::string self = "v=spf1";
      for (int i = 0; i < 12; ++i) {
        self += " include:example.org";
      }
      session.publish("example.org", self);
      CHECK(session.mail_from().code == ResultCode::permerror);
      CHECK(session.asked().size() < 1 + 2 * 10);
    }
  }
}

TEST_CASE("the result is there while what was asked ahead still waits", "[spf]") {
  Session session(5ms);
  session.publish("example.org", "v=spf1 include:a.example include:b.example -all");
  session.publish("a.example", "v=spf1 ip4:192.0.2.1");
  session.publish("b.example", "v=spf1 include:c.example include:d.example");
  const Result result = session.mail_from();
  CHECK(result.code == ResultCode::pass);
  session.resolver.reset();
}

}  // namespace
}  // namespace sekisho::spf
