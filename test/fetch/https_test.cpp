#include "fetch/https.hpp"

#include "support/fake_resolver.hpp"

#include <memory>

#include <catch2/catch.hpp>

namespace sekisho::fetch {
namespace {

TEST_CASE("only https with a host name and port 443 is fetched", "[fetch]") {
  struct Case {
    const char* url;
    const char* target;  // "" for none
  };
  const Case cases[] = {
      {"https://mta-sts.example.org/.well-known/mta-sts.txt",
       "mta-sts.example.org /.well-known/mta-sts.txt"},
      {"HTTPS://Example.ORG", "example.org /"},
      {"https://example.org:443/a?b=c#d", "example.org /a?b=c"},
      {"https://example.org?x", "example.org /?x"},
      {"http://example.org/", ""},
      {"file:///etc/passwd", ""},
      {"https://example.org:8443/", ""},
      {"https://user@example.org/", ""},
      {"https://user:secret@example.org/", ""},
      {"https://127.0.0.1/", ""},
      {"https://2130706433/", ""},
      {"https://0x7f.1/", ""},
      {"https://[::1]/", ""},
      {"https://localhost/", ""},
      {"https:///", ""},
      {"https://example.org/a b", ""},
      {"https://example.org/a\r\nHost: x", ""},
      {"https://example.org\\@127.0.0.1/", ""},
  };
  for (const auto& [url, expected] : cases) {
    CAPTURE(url);
    const auto target = parse_url(url);
    CHECK((target ? target->host + ' ' + target->path : "") == expected);
  }
}

TEST_CASE("a connection goes to public addresses only", "[fetch]") {
  struct Case {
    std::vector<const char*> addresses;
    std::size_t permitted;
    Fault fault;
  };
  const Case cases[] = {
      {{"198.16.0.1", "2a00::1"}, 2, {}},
      {{"198.16.0.1", "127.0.0.1"}, 1, {}},
      {{"127.0.0.1"}, 0, Fault::refused_address},
      {{"127.8.8.8"}, 0, Fault::refused_address},
      {{"0.0.0.0"}, 0, Fault::refused_address},
      {{"10.1.2.3"}, 0, Fault::refused_address},
      {{"100.64.0.1"}, 0, Fault::refused_address},
      {{"169.254.169.254"}, 0, Fault::refused_address},
      {{"172.31.255.255"}, 0, Fault::refused_address},
      {{"192.168.1.1"}, 0, Fault::refused_address},
      {{"192.0.2.1"}, 0, Fault::refused_address},
      {{"224.0.0.1"}, 0, Fault::refused_address},
      {{"255.255.255.255"}, 0, Fault::refused_address},
      {{"::"}, 0, Fault::refused_address},
      {{"::1"}, 0, Fault::refused_address},
      {{"64:ff9b::7f00:1"}, 0, Fault::refused_address},
      {{"64:ff9b:1::a00:1"}, 0, Fault::refused_address},
      {{"2002:7f00:1::"}, 0, Fault::refused_address},
      {{"fd00::1"}, 0, Fault::refused_address},
      {{"fe80::1"}, 0, Fault::refused_address},
      {{"ff02::1"}, 0, Fault::refused_address},
      {{"2001:db8::1"}, 0, Fault::refused_address},
      {{}, 0, Fault::no_address},
  };
  for (const Case& c : cases) {
    auto resolver = std::make_shared<test::FakeResolver>();
    for (const char* const address : c.addresses) {
      CAPTURE(address);
      resolver->add_address("a.example", address);
    }
    const auto permitted = permitted_addresses(test::lookups_on(resolver), "a.example", false);
    CAPTURE(c.addresses);
    if (c.permitted > 0) {
      REQUIRE(permitted);
      CHECK(permitted->size() == c.permitted);
    } else {
      REQUIRE_FALSE(permitted);
      CHECK(permitted.error().fault == c.fault);
    }
    if (!c.addresses.empty()) {
      CHECK(permitted_addresses(test::lookups_on(resolver), "a.example", true));
    }
  }
}

TEST_CASE("an IPv4-mapped address is the IPv4 address", "[fetch]") {
  class Mapped final : public dns::Resolver {
   public:
    dns::Pending<dns::Answer> lookup(dns::Question question, dns::Deadline) override {
      if (question.type != dns::RecordType::aaaa) {
        return dns::Pending<dns::Answer>::ready(dns::Answer::failed(dns::Status::no_data));
      }
      return dns::Pending<dns::Answer>::ready(dns::Answer::found(
          {dns::IpAddress::v6({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 0, 1})}));
    }
  };
  const auto permitted =
      permitted_addresses(test::lookups_on(std::make_shared<Mapped>()), "a.example", false);
  REQUIRE_FALSE(permitted);
  CHECK(permitted.error().fault == Fault::refused_address);
}

// The first answer is public, each later one this host: a request asks once, and goes there.
TEST_CASE("a name that changes between two questions leads nowhere else", "[fetch]") {
  class Rebinding final : public dns::Resolver {
   public:
    dns::Pending<dns::Answer> lookup(dns::Question question, dns::Deadline) override {
      if (question.type != dns::RecordType::a) {
        return dns::Pending<dns::Answer>::ready(dns::Answer::failed(dns::Status::no_data));
      }
      ++questions;
      const char* const address = questions == 1 ? "192.0.2.254" : "127.0.0.1";
      return dns::Pending<dns::Answer>::ready(
          dns::Answer::found({*dns::IpAddress::parse(address)}));
    }
    int questions = 0;
  };
  const auto resolver = std::make_shared<Rebinding>();
  Options options;
  options.allow_private = true;
  options.connect_timeout = options.timeout = std::chrono::seconds{1};
  const auto response = get(test::lookups_on(resolver), "https://a.example/", options);
  REQUIRE_FALSE(response);
  CHECK(is_unreachable(response.error().fault));
  CHECK(resolver->questions == 1);
}

TEST_CASE("without an answer of the DNS nothing is said", "[fetch]") {
  auto resolver = std::make_shared<test::FakeResolver>();
  resolver->fail("a.example", dns::Status::timeout);
  const auto response = get(test::lookups_on(resolver), "https://a.example/", {});
  REQUIRE_FALSE(response);
  CHECK(response.error().fault == Fault::lookup_failed);
  CHECK(is_unreachable(response.error().fault));
}

}  // namespace
}  // namespace sekisho::fetch
