// Networks as operators write them (RFC 4632 §3.1, RFC 4291 §2.3).
#include "dns/network.hpp"

#include <string_view>

#include <catch2/catch.hpp>

namespace sekisho::dns {

TEST_CASE("networks are read and printed", "[dns]") {
  struct Case {
    std::string_view text;
    std::string_view expected;  // empty: refused
  };
  const Case cases[] = {
      {"192.0.2.0/24", "192.0.2.0/24"},
      {"192.0.2.7", "192.0.2.7/32"},
      {"0.0.0.0/0", "0.0.0.0/0"},
      {"2001:DB8::/32", "2001:db8::/32"},
      {"::1", "::1/128"},
      {"192.0.2.7/24", ""},
      {"192.0.2.0/33", ""},
      {"192.0.2.0/", ""},
      {"192.0.2.0/-1", ""},
      {"192.0.2.0/24x", ""},
      {"192.0.2/24", ""},
      {"2001:db8::/129", ""},
      {"", ""},
      {"example.org", ""},
  };
  for (const auto& [text, expected] : cases) {
    DYNAMIC_SECTION("'" << text << "'") {
      const auto network = Network::parse(text);
      REQUIRE(network.has_value() == !expected.empty());
      if (network) {
        CHECK(network->text() == expected);
      }
    }
  }
}

TEST_CASE("a network contains addresses of its own family", "[dns]") {
  const auto network = Network::parse("10.0.0.0/8");
  REQUIRE(network);
  CHECK(network->contains(*IpAddress::parse("10.255.0.1")));
  CHECK_FALSE(network->contains(*IpAddress::parse("11.0.0.1")));
  CHECK_FALSE(network->contains(*IpAddress::parse("2001:db8::1")));
}

}  // namespace sekisho::dns
