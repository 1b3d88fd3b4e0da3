#include "iprev/iprev.hpp"

#include "support/fake_resolver.hpp"

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <catch2/catch.hpp>

namespace sekisho::iprev {
namespace {

using test::FakeResolver;

Result check_client(const std::shared_ptr<FakeResolver>& resolver, std::string_view client,
                    std::size_t max_names = 10) {
  auto task = check(test::lookups_on(resolver), dns::IpAddress::parse(client).value(), max_names);
  return task.get();
}

TEST_CASE("the client's name is confirmed forward or not", "[iprev]") {
  struct Case {
    std::string_view title;
    std::string_view client;
    std::function<void(FakeResolver&)> zone;
    ResultCode code;
    std::string_view name;
    std::string_view reason;
  };
  using enum ResultCode;
  const Case cases[] = {
      {"the name leads back: RFC 8601 §3", "192.0.2.1",
       [](FakeResolver& dns) {
         dns.add_ptr("192.0.2.1", "MAIL.example.net");
         dns.add_address("mail.example.net", "192.0.2.7");
         dns.add_address("mail.example.net", "192.0.2.1");
       },
       pass, "mail.example.net", "mail.example.net has the address 192.0.2.1"},
      {"over IPv6", "2001:db8::1",
       [](FakeResolver& dns) {
         dns.add_ptr("2001:db8::1", "mail.example.net");
         dns.add_address("mail.example.net", "192.0.2.1");
         dns.add_address("mail.example.net", "2001:db8::1");
       },
       pass, "mail.example.net", "mail.example.net has the address 2001:db8::1"},
      {"an IPv4-mapped client is an IPv4 client", "::ffff:192.0.2.1",
       [](FakeResolver& dns) {
         dns.add_ptr("192.0.2.1", "mail.example.net");
         dns.add_address("mail.example.net", "192.0.2.1");
       },
       pass, "mail.example.net", "mail.example.net has the address 192.0.2.1"},
      {"the second of two names leads back", "192.0.2.1",
       [](FakeResolver& dns) {
         dns.add_ptr("192.0.2.1", "gone.example.net");
         dns.add_ptr("192.0.2.1", "mail.example.net");
         dns.add_address("mail.example.net", "192.0.2.1");
       },
       pass, "mail.example.net", "mail.example.net has the address 192.0.2.1"},
      {"a failing look-up spoils no confirmation", "192.0.2.1",
       [](FakeResolver& dns) {
         dns.add_ptr("192.0.2.1", "slow.example.net");
         dns.add_ptr("192.0.2.1", "mail.example.net");
         dns.fail("slow.example.net", dns::Status::timeout);
         dns.add_address("mail.example.net", "192.0.2.1");
       },
       pass, "mail.example.net", "mail.example.net has the address 192.0.2.1"},
      {"another address", "192.0.2.1",
       [](FakeResolver& dns) {
         dns.add_ptr("192.0.2.1", "mail.example.net");
         dns.add_address("mail.example.net", "192.0.2.7");
       },
       fail, "mail.example.net", "no address of mail.example.net is 192.0.2.1"},
      {"a name without addresses: RFC 8601 §2.7.3, NXDOMAIN of the forward query", "192.0.2.1",
       [](FakeResolver& dns) {
         dns.add_ptr("192.0.2.1", "gone.example.net");
         dns.add_ptr("192.0.2.1", "away.example.net");
       },
       fail, "gone.example.net", "no address of gone.example.net or of 1 other name is 192.0.2.1"},
      {"an address of the other family does not confirm", "192.0.2.1",
       [](FakeResolver& dns) {
         dns.add_ptr("192.0.2.1", "mail.example.net");
         dns.add_address("mail.example.net", "2001:db8::1");
       },
       fail, "mail.example.net", "no address of mail.example.net is 192.0.2.1"},
      {"a name that may not be printed is not asked for", "192.0.2.1",
       [](FakeResolver& dns) {
         dns.add_ptr("192.0.2.1", "a;b\r\nX: y.example.net");
         dns.add_address("a;b\r\nX: y.example.net", "192.0.2.1");
       },
       fail, "", "no PTR record for 192.0.2.1 holds a valid host name"},
      {"a look-up failed and no name led back", "192.0.2.1",
       [](FakeResolver& dns) {
         dns.add_ptr("192.0.2.1", "gone.example.net");
         dns.add_ptr("192.0.2.1", "slow.example.net");
         dns.fail("slow.example.net", dns::Status::server_failure);
       },
       temperror, "gone.example.net", "A look-up of slow.example.net: server failure"},
      {"two look-ups failed: the first is told", "192.0.2.1",
       [](FakeResolver& dns) {
         dns.add_ptr("192.0.2.1", "slow.example.net");
         dns.add_ptr("192.0.2.1", "late.example.net");
         dns.fail("slow.example.net", dns::Status::server_failure);
         dns.fail("late.example.net", dns::Status::timeout);
       },
       temperror, "slow.example.net", "A look-up of slow.example.net: server failure"},
      {"the reverse look-up failed: RFC 8601 §2.7.3", "192.0.2.1",
       [](FakeResolver& dns) { dns.fail("1.2.0.192.in-addr.arpa", dns::Status::timeout); },
       temperror, "", "PTR look-up for 192.0.2.1: time-out"},
      {"no PTR record: RFC 8601 §2.7.3", "192.0.2.1", [](FakeResolver&) {}, permerror, "",
       "no PTR record for 192.0.2.1"},
  };
  for (const auto& [title, client, zone, code, name, reason] : cases) {
    DYNAMIC_SECTION(title) {
      const auto resolver = std::make_shared<FakeResolver>();
      zone(*resolver);
      const Result result = check_client(resolver, client);
      CHECK(format_result_code(result.code) == format_result_code(code));
      CHECK(result.name == name);
      CHECK(result.reason == reason);
      CHECK(format_result_code(result_of(result.fault)) == format_result_code(code));
    }
  }
}

// RFC 8601 §3: the number of names is limited.
TEST_CASE("a client with many names costs a bounded number of look-ups", "[iprev]") {
  const auto resolver = std::make_shared<FakeResolver>();
  for (int i = 0; i < 40; ++i) {
    resolver->add_ptr("192.0.2.1", "host" + std::to_string(i) + ".example.net");
  }
  resolver->add_address("host39.example.net", "192.0.2.1");

  const Result result = check_client(resolver, "192.0.2.1");
  CHECK(result.code == ResultCode::fail);
  CHECK(result.reason ==
        "no address of host0.example.net or of 9 other names is 192.0.2.1, 30 further names not "
        "looked at");
  CHECK(resolver->asked().size() == 11);
}

TEST_CASE("a name that is given twice is asked once", "[iprev]") {
  const auto resolver = std::make_shared<FakeResolver>();
  resolver->add_ptr("192.0.2.1", "mail.example.net");
  resolver->add_ptr("192.0.2.1", "Mail.Example.Net.");
  static_cast<void>(check_client(resolver, "192.0.2.1"));
  CHECK(resolver->asked().size() == 2);
}

TEST_CASE("answers from another thread give the same result", "[iprev]") {
  const auto resolver = std::make_shared<FakeResolver>(std::chrono::milliseconds{5});
  resolver->add_ptr("192.0.2.1", "gone.example.net");
  resolver->add_ptr("192.0.2.1", "mail.example.net");
  resolver->add_address("mail.example.net", "192.0.2.1");
  const Result result = check_client(resolver, "192.0.2.1");
  CHECK(result.code == ResultCode::pass);
  CHECK(result.name == "mail.example.net");
}

}  // namespace
}  // namespace sekisho::iprev
