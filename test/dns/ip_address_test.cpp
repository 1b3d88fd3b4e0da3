#include "dns/ip_address.hpp"

#include <string>

#include <catch2/catch.hpp>

namespace sekisho::dns {
namespace {

TEST_CASE("addresses are printed in their canonical form", "[dns]") {
  struct Case {
    const char* text;
    const char* canonical;
  };
  const Case cases[] = {
      {"192.0.2.1", "192.0.2.1"},
      {"0.0.0.0", "0.0.0.0"},
      {"255.255.255.255", "255.255.255.255"},
      {"::", "::"},
      {"::1", "::1"},
      {"1::", "1::"},
      {"2001:DB8:0:0:0:0:0:1", "2001:db8::1"},           // RFC 5952 §4.3: lower case
      {"2001:0db8::0001", "2001:db8::1"},                // RFC 5952 §4.1: no leading zeros
      {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},  // RFC 5952 §4.2.2: never one group
      {"2001:0:0:1:0:0:0:1", "2001:0:0:1::1"},           // RFC 5952 §4.2.3: the longest run
      {"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},     // RFC 5952 §4.2.3: the first of equals
      {"1:2:3:4:5:6:0:0", "1:2:3:4:5:6::"},
      {"::1:2", "::1:2"},                 // not an embedded IPv4 address
      {"::192.0.2.1", "::c000:201"},      // deprecated (RFC 4291 §2.5.5.1)
      {"::ffff:192.0.2.1", "192.0.2.1"},  // RFC 7208 §5: an IPv4 client
      {"::FFFF:c000:0201", "192.0.2.1"},  //
      {"::fffe:192.0.2.1", "::fffe:c000:201"},
      {"64:ff9b::192.0.2.33", "64:ff9b::c000:221"},
  };
  for (const auto& [text, canonical] : cases) {
    DYNAMIC_SECTION(text) {
      const auto address = IpAddress::parse(text);
      REQUIRE(address);
      CHECK(address->text() == canonical);
      CHECK(IpAddress::parse(canonical) == address);
    }
  }
}

TEST_CASE("an IPv4-mapped address is unmapped, any other stays (RFC 7208 §5)", "[dns]") {
  const auto mapped = IpAddress::v6({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 1});
  CHECK(mapped.is_v6());
  CHECK(mapped.unmapped() == IpAddress::v4({192, 0, 2, 1}));
  CHECK(mapped.unmapped().unmapped() == mapped.unmapped());
  const auto compatible = IpAddress::v6({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 192, 0, 2, 1});
  CHECK(compatible.unmapped() == compatible);
}

TEST_CASE("what is not exactly an address is refused", "[dns]") {
  const std::string cases[] = {
      "",
      " 192.0.2.1",
      "192.0.2.1 ",
      "192.0.2",
      "192.0.2.1.1",
      "192.0.2.256",
      "192.0.2.01",  // octal to some
      "192.0.2.0x1",
      "0300.0.2.1",
      "3221225985",
      "192.0.2.1/32",
      "-1.0.2.1",
      "1..2.3",
      ":",
      ":::",
      "1::2::3",
      "1:2:3:4:5:6:7",
      "1:2:3:4:5:6:7:8:9",
      "12345::",
      "::g",
      "[::1]",
      "fe80::1%eth0",
      "2001:db8::/32",
      "::1.2.3",
      "::ffff:192.0.2.01",
      std::string("192.0.2.1\0", 10),
      std::string("::1\0x", 5),
      std::string(10'000, ':'),
  };
  for (const std::string& text : cases) {
    DYNAMIC_SECTION(text.substr(0, 40) << " of " << text.size()) {
      CHECK_FALSE(IpAddress::parse(text));
    }
  }
}

TEST_CASE("an address has the name of its PTR record", "[dns]") {
  // RFC 1035 §3.5, RFC 3596 §2.5
  CHECK(IpAddress::parse("10.2.0.52")->reverse_name() == "52.0.2.10.in-addr.arpa");
  CHECK(IpAddress::parse("4321:0:1:2:3:4:567:89ab")->reverse_name() ==
        "b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.0.0.0.0.1.2.3.4.ip6.arpa");
}

TEST_CASE("a network holds the addresses that share its prefix", "[dns]") {
  struct Case {
    const char* address;
    const char* network;
    unsigned prefix_length;
    bool inside;
  };
  const Case cases[] = {
      {"192.0.2.1", "192.0.2.1", 32, true},
      {"192.0.2.2", "192.0.2.1", 32, false},
      {"192.0.2.2", "192.0.2.1", 30, true},
      {"192.0.2.4", "192.0.2.1", 30, false},
      {"192.0.2.255", "192.0.2.0", 24, true},
      {"192.0.3.0", "192.0.2.0", 24, false},
      {"203.0.113.9", "192.0.2.0", 0, true},
      {"192.0.2.2", "192.0.2.1", 128, false},  // beyond the family's length: all bits
      {"2001:db8::1", "2001:db8::", 32, true},
      {"2001:db9::1", "2001:db8::", 32, false},
      {"2001:db9::1", "2001:db8::", 31, true},
      {"2001:db8::1", "2001:db8::", 127, true},
      {"2001:db8::1", "2001:db8::", 128, false},
      {"2001:db8::1", "::", 0, true},
      {"192.0.2.1", "::", 0, false},  // families never mix
      {"::1", "0.0.0.0", 0, false},
      {"::ffff:192.0.2.1", "192.0.2.0", 24, true},  // RFC 7208 §5
  };
  for (const auto& [address, network, prefix_length, inside] : cases) {
    DYNAMIC_SECTION(address << " in " << network << "/" << prefix_length) {
      CHECK(IpAddress::parse(address)->is_in(*IpAddress::parse(network), prefix_length) == inside);
    }
  }
}

TEST_CASE("a mapped address from the wire stays IPv6", "[dns]") {
  const auto address = IpAddress::v6({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 1});
  CHECK(address.is_v6());
  CHECK(address.text() == "::ffff:192.0.2.1");
  CHECK(address != IpAddress::v4({192, 0, 2, 1}));
}

}  // namespace
}  // namespace sekisho::dns
