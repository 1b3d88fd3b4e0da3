#include "spf/check_host.hpp"

#include "spf/session.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::spf {
namespace {

TEST_CASE("redirect is for a record in which nothing matches (RFC 7208 §6.1)", "[spf]") {
  Session session;
  session.publish("red.example", "v=spf1 +all");
  session.publish("example.org", "v=spf1 ?all redirect=red.example");
  CHECK(session.mail_from().code == ResultCode::neutral);
  CHECK(session.mail_from().mechanism == "?all");
}

TEST_CASE("a and mx have prefixes of their own for IPv6 (RFC 7208 §5.3, §5.4)", "[spf]") {
  struct Case {
    std::string term, client;
    ResultCode expected;
  };
  const Case cases[] = {
      {"a:host.example//64", "2001:db8::ffff", ResultCode::pass},
      {"a:host.example//64", "2001:db8:0:1::1", ResultCode::fail},
      {"a:host.example//128", "2001:db8::1", ResultCode::pass},
      {"a:host.example//128", "2001:db8::2", ResultCode::fail},
      {"a:host.example//0", "2001:db9::1", ResultCode::pass},
      {"a:host.example/24", "2001:db8::2", ResultCode::fail},
      {"a:host.example/24//64", "2001:db8::2", ResultCode::pass},
      {"a:host.example/24//64", "192.0.2.200", ResultCode::pass},
      {"a:host.example//64", "192.0.2.200", ResultCode::fail},
      {"mx:mail.example//64", "2001:db8::ffff", ResultCode::pass},
      {"mx:mail.example//65", "2001:db8:0:0:8000::1", ResultCode::fail},
  };
  for (const auto& [term, client, expected] : cases) {
    DYNAMIC_SECTION(term << ' ' << client) {
      Session session;
      session.publish("example.org", "v=spf1 " + term + " -all");
      session.resolver->add_address("host.example", "192.0.2.1");
      session.resolver->add_address("host.example", "2001:db8::1");
      session.resolver->add_mx("mail.example", 10, "host.example");
      session.connect_from(client);
      CHECK(session.mail_from().code == expected);
    }
  }
}

TEST_CASE("several explanations are none (RFC 7208 §6.2)", "[spf]") {
  Session session;
  session.publish("example.org", "v=spf1 -all exp=why.example");
  session.publish("why.example", "one");
  CHECK(session.mail_from().explanation == "one");
  session.publish("why.example", "two");
  CHECK(session.mail_from().explanation.empty());
  CHECK(session.mail_from().code == ResultCode::fail);
}

TEST_CASE("a term with a local part that is not US-ASCII matches nothing (RFC 8616 §4)", "[spf]") {
  Session session;
  session.request.sender = "us\xc3\xa9r@example.org";
  session.resolver->add_address("x.example", "192.0.2.1");
  session.publish("example.org",
                  "v=spf1 exists:%{l}.x.example include:%{s}.x.example ?a:x.example -all");
  CHECK(session.mail_from().code == ResultCode::neutral);
  CHECK(session.asked() == std::vector<std::string>{"example.org", "x.example"});
}

TEST_CASE("what the look-up of the record comes to (RFC 7208 §4.3, §4.4)", "[spf]") {
  struct Case {
    dns::Status status;
    ResultCode expected;
  };
  const Case cases[] = {
      {dns::Status::no_such_name, ResultCode::none},
      {dns::Status::no_data, ResultCode::none},
      {dns::Status::server_failure, ResultCode::temperror},
      {dns::Status::refused, ResultCode::temperror},
      {dns::Status::timeout, ResultCode::temperror},
      {dns::Status::malformed, ResultCode::temperror},
      {dns::Status::over_limit, ResultCode::temperror},
  };
  for (const auto& [status, expected] : cases) {
    DYNAMIC_SECTION(dns::format_status(status)) {
      Session session;
      session.resolver->fail("example.org", status);
      CHECK(session.mail_from().code == expected);
      session.publish("example.net", "v=spf1 include:example.org -all");
      session.request.sender = "user@example.net";
      CHECK(session.mail_from().code ==
            (expected == ResultCode::none ? ResultCode::permerror : ResultCode::temperror));
    }
  }
}

TEST_CASE("an error of a mechanism's look-up is a temperror, but not of ptr (RFC 7208 §5, §5.5)",
          "[spf]") {
  for (const std::string term : {"a:bad.example", "mx:bad.example", "exists:bad.example", "mx"}) {
    DYNAMIC_SECTION(term) {
      Session session;
      session.resolver->fail("bad.example", dns::Status::server_failure);
      session.resolver->add_mx("example.org", 10, "bad.example");
      session.publish("example.org", "v=spf1 " + term + " -all");
      const Result result = session.mail_from();
      CHECK(result.code == ResultCode::temperror);
      CHECK(mentions(result.reason, "server failure"));
    }
  }
  Session session;
  session.publish("example.org", "v=spf1 ptr -all");
  session.resolver->fail("1.2.0.192.in-addr.arpa", dns::Status::timeout);
  CHECK(session.mail_from().code == ResultCode::fail);

  Session skipping;
  skipping.publish("example.org", "v=spf1 ptr -all");
  skipping.resolver->add_ptr("192.0.2.1", "bad.example.org");
  skipping.resolver->add_ptr("192.0.2.1", "good.example.org");
  skipping.resolver->fail("bad.example.org", dns::Status::timeout);
  skipping.resolver->add_address("good.example.org", "192.0.2.1");
  CHECK(skipping.mail_from().code == ResultCode::pass);
}

TEST_CASE("an IPv4 client is one however it connects (RFC 7208 §5)", "[spf]") {
  Session session;
  session.request.client =
      dns::IpAddress::v6({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 1});
  session.publish("example.org", "v=spf1 -ip6:::/0 ip4:192.0.2.1");
  CHECK(session.mail_from().code == ResultCode::pass);
}

TEST_CASE("a redirect is followed where no term matches (RFC 7208 §6.1)", "[spf]") {
  struct Row {
    const char* record;
    ResultCode code;
  };
  for (const auto& [record, code] : {
           Row{"v=spf1 redirect=fail.example", ResultCode::fail},
           Row{"v=spf1 ip4:198.51.100.1 redirect=fail.example", ResultCode::fail},
           Row{"v=spf1 ?all redirect=fail.example", ResultCode::neutral},
           Row{"v=spf1 ?ip4:192.0.2.1 redirect=fail.example", ResultCode::neutral},
           Row{"v=spf1 ?include:pass.example redirect=fail.example", ResultCode::neutral},
           Row{"v=spf1 include:neutral.example redirect=fail.example", ResultCode::fail},
           Row{"v=spf1 redirect=neutral.example", ResultCode::neutral},
           Row{"v=spf1 redirect=silent.example", ResultCode::neutral},
       }) {
    CAPTURE(record);
    Session session;
    session.publish("example.org", record);
    session.publish("fail.example", "v=spf1 -all");
    session.publish("pass.example", "v=spf1 +all");
    session.publish("neutral.example", "v=spf1 ?all redirect=pass.example");
    session.publish("silent.example", "v=spf1");
    CHECK(session.mail_from().code == code);
  }
}

TEST_CASE("a and mx match the network of either family (RFC 7208 §5.3, §5.4)", "[spf]") {
  struct Row {
    const char* client;
    const char* term;
    ResultCode code;
  };
  using enum ResultCode;
  for (const auto& [client, term, code] : {
           Row{"192.0.2.77", "a:host.example/24", pass},
           Row{"192.0.2.77", "a:host.example/25//1", pass},
           Row{"192.0.2.200", "a:host.example/25//1", fail},
           Row{"192.0.2.77", "a:host.example//1", fail},
           Row{"192.0.2.77", "a:host.example", fail},
           Row{"198.51.100.1", "a:host.example/0", pass},
           Row{"2001:db8:0:1::77", "a:host.example//64", pass},
           Row{"2001:db8:0:2::77", "a:host.example//64", fail},
           Row{"2001:db8:0:2::77", "a:host.example/1//63", fail},
           Row{"2001:db8:0:2::77", "a:host.example/32//48", pass},
           Row{"2001:db8:0:1::77", "a:host.example/1", fail},
           Row{"2001:db9::", "a:host.example//0", pass},
           Row{"192.0.2.77", "mx:mail.example/24", pass},
           Row{"192.0.3.1", "mx:mail.example/24//1", fail},
           Row{"2001:db8:0:1::77", "mx:mail.example//64", pass},
           Row{"2001:db8:0:2::77", "mx:mail.example/1//64", fail},
       }) {
    CAPTURE(client, term);
    Session session;
    session.connect_from(client);
    session.resolver->add_address("host.example", "192.0.2.1");
    session.resolver->add_address("host.example", "2001:db8:0:1::1");
    session.resolver->add_mx("mail.example", 10, "host.example");
    session.publish("example.org", std::string("v=spf1 ") + term + " -all");
    CHECK(session.mail_from().code == code);
  }
}

TEST_CASE("an explanation is one record of text (RFC 7208 §6.2)", "[spf]") {
  Session session;
  session.publish("example.org", "v=spf1 -all exp=why.example");
  session.publish("why.example", "because");
  CHECK(session.mail_from().explanation == "because");
  session.publish("why.example", "or else");
  CHECK(session.mail_from().explanation.empty());
}

TEST_CASE("an explanation belongs to a fail of the topmost record (RFC 7208 §6.2)", "[spf]") {
  Session session;
  session.publish("why.example", "because");
  session.publish("inc.example", "v=spf1 -all exp=why.example");
  SECTION("not to a softfail") {
    session.publish("example.org", "v=spf1 ~all exp=why.example");
    CHECK(session.mail_from().explanation.empty());
    CHECK_FALSE(std::ranges::count(session.asked(), "why.example"));
  }
  SECTION("not to an included record") {
    session.publish("example.org", "v=spf1 include:inc.example -all");
    CHECK(session.mail_from().explanation.empty());
  }
  SECTION("to the record that a redirect leads to") {
    session.publish("example.org", "v=spf1 redirect=inc.example exp=nowhere.example");
    CHECK(session.mail_from().explanation == "because");
  }
  SECTION("not with control characters") {
    session.publish("example.org", "v=spf1 -all exp=bell.example");
    session.publish("bell.example", "ring\x07");
    CHECK(session.mail_from().explanation.empty());
  }
  SECTION("not where its name cannot exist") {
    session.publish("example.org", "v=spf1 -all exp=a..b.example");
    CHECK(session.mail_from().explanation.empty());
  }
}

TEST_CASE("a name that cannot exist matches nothing and is not asked for (RFC 7208 §4.8)",
          "[spf]") {
  Session session;
  session.publish("example.org", "v=spf1 a:a..b.example mx:" + std::string(64, 'x') +
                                     ".example exists:.example ptr:a..b.example -all");
  CHECK(session.mail_from().code == ResultCode::fail);
  CHECK(session.asked() == std::vector<std::string>{"example.org", "1.2.0.192.in-addr.arpa"});

  session.publish("inc.example", "v=spf1 include:a..b.example -all");
  session.request.sender = "user@inc.example";
  CHECK(session.mail_from().code == ResultCode::permerror);
  session.publish("red.example", "v=spf1 redirect=%{h}");
  session.request.sender = "user@red.example";
  session.request.helo = "localhost";
  const Result result = session.mail_from();
  CHECK(result.reason == "redirect=localhost: no valid domain name");
  CHECK(result.fault == Fault::invalid_target);
}

TEST_CASE("reasons say what decided", "[spf]") {
  struct Case {
    std::string_view record;
    ResultCode code;
    std::string_view mechanism;
    std::string_view reason;
    Fault fault = Fault::none;
  };
  const Case cases[] = {
      {"v=spf1 ip4:192.0.2.0/24 -all", ResultCode::pass, "ip4:192.0.2.0/24",
       "192.0.2.1 is permitted by ip4:192.0.2.0/24 of example.org"},
      {"v=spf1 ~all", ResultCode::softfail, "~all",
       "192.0.2.1 is probably not permitted by ~all of example.org"},
      {"v=spf1 ?all", ResultCode::neutral, "?all",
       "nothing is said about 192.0.2.1 by ?all of example.org"},
      {"v=spf1", ResultCode::neutral, "", "no term of example.org matches 192.0.2.1"},
      {"v=spf1 include:x.example -all", ResultCode::permerror, "",
       "include:x.example: no such name", Fault::no_such_name},
      {"v=spf1 redirect=x.example", ResultCode::permerror, "", "redirect=x.example: no such name",
       Fault::no_such_name},
      {"v=spf1 include:example.net", ResultCode::permerror, "",
       "include:example.net: no SPF record", Fault::no_record},
      {"v=spf1 fo:x", ResultCode::permerror, "", "example.org: unknown mechanism in \"fo:x\"",
       Fault::malformed_record},
  };
  for (const auto& [record, code, mechanism, reason, fault] : cases) {
    DYNAMIC_SECTION(record) {
      Session session;
      session.publish("example.org", std::string(record));
      session.publish("example.net", "something else");
      const Result result = session.mail_from();
      CHECK(result.code == code);
      CHECK(result.mechanism == mechanism);
      CHECK(result.reason == reason);
      CHECK(result.fault == fault);
      CHECK(result.explanation.empty());
    }
  }
}

}  // namespace
}  // namespace sekisho::spf
