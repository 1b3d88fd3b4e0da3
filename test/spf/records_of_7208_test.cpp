// RFC 7208 in rows of our own, one a rule: the suite of the OpenSPF project need not be there.
#include "spf/check_host.hpp"
#include "spf/session.hpp"

#include <functional>
#include <string>
#include <string_view>

#include <catch2/catch.hpp>

namespace sekisho::spf {
namespace {

struct Case {
  std::string_view rule;
  std::string record;  // of example.org
  std::string client;
  ResultCode expected;
};

// What the records below lead to.
void publish_neighbours(Session& session) {
  session.resolver->add_address("four.example", "192.0.2.10");
  session.resolver->add_address("six.example", "2001:db8:1:2::10");
  session.resolver->add_address("both.example", "192.0.2.20");
  session.resolver->add_address("both.example", "2001:db8:1:2::20");
  session.resolver->add_mx("mail.example", 10, "both.example");
  session.resolver->add_mx("mail.example", 20, "four.example");
  session.publish("pass.example", "v=spf1 +all");
  session.publish("fail.example", "v=spf1 -all");
  session.publish("soft.example", "v=spf1 ~all");
  session.publish("neutral.example", "v=spf1 ?all");
  session.publish("broken.example", "v=spf1 ipv4:1");
  session.publish("why.example", "because");
  session.publish("two.example", "one");
  session.publish("two.example", "other");
  session.resolver->fail("slow.example", dns::Status::timeout);
}

using enum ResultCode;

const Case cases[] = {
    // Prefixes: ip4-cidr-length and ip6-cidr-length, each for its family (§5.3, §5.4, §5.6).
    {"a without a length is one address", "v=spf1 a:both.example -all", "192.0.2.20", pass},
    {"a without a length is one address", "v=spf1 a:both.example -all", "192.0.2.21", fail},
    {"a without a length is one address", "v=spf1 a:both.example -all", "2001:db8:1:2::20", pass},
    {"a without a length is one address", "v=spf1 a:both.example -all", "2001:db8:1:2::21", fail},
    {"a/24 is for IPv4", "v=spf1 a:both.example/24 -all", "192.0.2.200", pass},
    {"a/24 is for IPv4", "v=spf1 a:both.example/24 -all", "192.0.3.20", fail},
    {"a/24 leaves IPv6 whole", "v=spf1 a:both.example/24 -all", "2001:db8:1:2::20", pass},
    {"a/24 leaves IPv6 whole", "v=spf1 a:both.example/24 -all", "2001:db8:1:2::21", fail},
    {"a//64 is for IPv6", "v=spf1 a:both.example//64 -all", "2001:db8:1:2:ffff::1", pass},
    {"a//64 is for IPv6", "v=spf1 a:both.example//64 -all", "2001:db8:1:3::20", fail},
    {"a//64 leaves IPv4 whole", "v=spf1 a:both.example//64 -all", "192.0.2.21", fail},
    {"a/24//48 has both", "v=spf1 a:both.example/24//48 -all", "2001:db8:1:ffff::1", pass},
    {"a/24//48 has both", "v=spf1 a:both.example/24//48 -all", "2001:db8:2::1", fail},
    {"a/24//48 has both", "v=spf1 a:both.example/24//48 -all", "192.0.2.1", pass},
    {"a//63 is no multiple of eight", "v=spf1 a:six.example//63 -all", "2001:db8:1:3::1", pass},
    {"a//63 is no multiple of eight", "v=spf1 a:six.example//63 -all", "2001:db8:1:4::1", fail},
    {"a//0 is everybody with IPv6", "v=spf1 a:six.example//0 -all", "2001:db8:ffff::1", pass},
    {"a//128 is one address", "v=spf1 a:six.example//128 -all", "2001:db8:1:2::11", fail},
    {"a//129 is no length", "v=spf1 a:six.example//129 -all", "2001:db8:1:2::10", permerror},
    {"a/33 is no length", "v=spf1 a:four.example/33 -all", "192.0.2.10", permerror},
    {"a//064 is no length", "v=spf1 a:six.example//064 -all", "2001:db8:1:2::10", permerror},
    {"an IPv4 host says nothing of IPv6", "v=spf1 a:four.example//0 -all", "2001:db8::1", fail},
    {"mx/24 is for IPv4", "v=spf1 mx:mail.example/24 -all", "192.0.2.99", pass},
    {"mx//64 is for IPv6", "v=spf1 mx:mail.example//64 -all", "2001:db8:1:2::99", pass},
    {"mx//64 is for IPv6", "v=spf1 mx:mail.example//64 -all", "2001:db8:1:3::99", fail},
    {"mx//64 leaves IPv4 whole", "v=spf1 mx:mail.example//64 -all", "192.0.2.11", fail},
    {"mx/30//60 has both", "v=spf1 mx:mail.example/30//60 -all", "2001:db8:1:f::1", pass},
    {"mx/30//60 has both", "v=spf1 mx:mail.example/30//60 -all", "192.0.2.22", pass},
    {"mx/30//60 has both", "v=spf1 mx:mail.example/30//60 -all", "192.0.2.24", fail},
    {"the second mail host counts", "v=spf1 mx:mail.example -all", "192.0.2.10", pass},
    {"ip6 has a length", "v=spf1 ip6:2001:db8::/33 -all", "2001:db8:7fff::1", pass},
    {"ip6 has a length", "v=spf1 ip6:2001:db8::/33 -all", "2001:db8:8000::1", fail},
    {"ip4 is not for IPv6", "v=spf1 ip4:0.0.0.0/0 -all", "2001:db8::1", fail},
    {"ip6 is not for IPv4", "v=spf1 ip6:::/0 -all", "192.0.2.1", fail},

    // redirect= is for a record in which nothing matched (§6.1).
    {"redirect after nothing matched", "v=spf1 redirect=fail.example", "192.0.2.1", fail},
    {"no redirect after ?all matched", "v=spf1 ?all redirect=fail.example", "192.0.2.1", neutral},
    {"no redirect after ?ip4 matched", "v=spf1 ?ip4:192.0.2.1 redirect=fail.example", "192.0.2.1",
     neutral},
    {"redirect where ?ip4 did not match", "v=spf1 ?ip4:192.0.2.9 redirect=fail.example",
     "192.0.2.1", fail},
    {"redirect to a neutral record", "v=spf1 redirect=neutral.example", "192.0.2.1", neutral},
    {"redirect to nothing", "v=spf1 redirect=none.example", "192.0.2.1", permerror},
    {"redirect stands anywhere", "v=spf1 redirect=fail.example ip4:192.0.2.1", "192.0.2.1", pass},
    {"one redirect", "v=spf1 redirect=pass.example redirect=pass.example", "192.0.2.1", permerror},

    // include: a pass matches, an error ends it (§5.2).
    {"include of a pass", "v=spf1 include:pass.example -all", "192.0.2.1", pass},
    {"include of a fail is no match", "v=spf1 include:fail.example ~all", "192.0.2.1", softfail},
    {"include of a softfail is no match", "v=spf1 include:soft.example -all", "192.0.2.1", fail},
    {"include of neutral is no match", "v=spf1 include:neutral.example -all", "192.0.2.1", fail},
    {"include of nothing", "v=spf1 include:none.example -all", "192.0.2.1", permerror},
    {"include of an error", "v=spf1 include:broken.example +all", "192.0.2.1", permerror},
    {"include without an answer", "v=spf1 include:slow.example +all", "192.0.2.1", temperror},
    {"-include of a pass", "v=spf1 -include:pass.example +all", "192.0.2.1", fail},

    // Terms (§4.6.1, §5.1, §6).
    {"what follows all is ignored", "v=spf1 -all a:slow.example", "192.0.2.1", fail},
    {"no term matches", "v=spf1 ip4:192.0.2.9", "192.0.2.1", neutral},
    {"an empty record", "v=spf1", "192.0.2.1", neutral},
    {"an unknown modifier is ignored", "v=spf1 x-y.z=%{d} -all", "192.0.2.1", fail},
    {"an unknown mechanism is an error", "v=spf1 x-y:z +all", "192.0.2.1", permerror},
    {"a mistake anywhere is an error", "v=spf1 +all ip4:x", "192.0.2.1", permerror},
    {"one exp", "v=spf1 -all exp=why.example exp=why.example", "192.0.2.1", permerror},
    {"exp= of nothing", "v=spf1 -all exp=", "192.0.2.1", permerror},
};

}  // namespace

TEST_CASE("what the terms of RFC 7208 come to", "[spf]") {
  for (const Case& row : cases) {
    DYNAMIC_SECTION(row.rule << ": " << row.record << " for " << row.client) {
      Session session;
      publish_neighbours(session);
      session.publish("example.org", row.record);
      session.connect_from(row.client);
      const Result result = session.mail_from();
      INFO(result.reason);
      CHECK(result.code == row.expected);
    }
  }
}

TEST_CASE("an explanation is one text (RFC 7208 §6.2)", "[spf]") {
  struct Explained {
    std::string_view what;
    std::string name;
    std::string explanation;
  };
  const Explained rows[] = {
      {"one record", "why.example", "because"},
      {"two records", "two.example", ""},
      {"no such name", "none.example", ""},
      {"no answer", "slow.example", ""},
      {"no valid name", "a..b", ""},
      {"a macro that is none", "macro.example", ""},
      {"octets that are not US-ASCII", "eight.example", ""},
  };
  for (const Explained& row : rows) {
    DYNAMIC_SECTION(row.what) {
      Session session;
      publish_neighbours(session);
      session.publish("macro.example", "%{q}");
      session.publish("eight.example", "f\xc3\xbcr");
      session.publish("example.org", "v=spf1 -all exp=" + row.name);
      const Result result = session.mail_from();
      CHECK(result.code == fail);
      CHECK(result.explanation == row.explanation);
    }
  }
}

}  // namespace sekisho::spf
