#include "dns/special_addresses.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace sekisho::dns {

namespace {

struct SpecialNetwork {
  std::string_view address;
  unsigned prefix_length;
  Reach reach;
};

constexpr SpecialNetwork networks[] = {
    {"0.0.0.0", 8, Reach::loopback},  // Linux connects to itself
    {"127.0.0.0", 8, Reach::loopback},
    {"10.0.0.0", 8, Reach::private_use},
    {"100.64.0.0", 10, Reach::private_use},
    {"169.254.0.0", 16, Reach::private_use},
    {"172.16.0.0", 12, Reach::private_use},
    {"192.0.0.0", 24, Reach::private_use},
    {"192.0.2.0", 24, Reach::documentation},
    {"192.168.0.0", 16, Reach::private_use},
    {"198.18.0.0", 15, Reach::private_use},
    {"198.51.100.0", 24, Reach::documentation},
    {"203.0.113.0", 24, Reach::documentation},
    {"224.0.0.0", 3, Reach::private_use},
    {"::", 127, Reach::loopback},
    {"64:ff9b:1::", 48, Reach::private_use},
    {"100::", 64, Reach::private_use},
    {"2001:2::", 48, Reach::private_use},
    {"2001:db8::", 32, Reach::documentation},
    {"3fff::", 20, Reach::documentation},
    {"5f00::", 16, Reach::private_use},
    {"fc00::", 7, Reach::private_use},
    {"fe80::", 10, Reach::private_use},
    {"fec0::", 10, Reach::private_use},
    {"ff00::", 8, Reach::private_use},
};

IpAddress v4_at(const IpAddress& address, std::size_t offset) {
  const auto& octets = address.octets();
  return IpAddress::v4(
      {octets.at(offset), octets.at(offset + 1), octets.at(offset + 2), octets.at(offset + 3)});
}

// The IPv4 address that the connection would go to in the end.
IpAddress innermost(const IpAddress& address) {
  const IpAddress plain = address.unmapped();
  if (plain.is_in(*IpAddress::parse("64:ff9b::"), 96)) {
    return v4_at(plain, 12);  // RFC 6052 §2.1
  }
  if (plain.is_in(*IpAddress::parse("2002::"), 16)) {
    return v4_at(plain, 2);  // RFC 3056 §2
  }
  return plain;
}

}  // namespace

Reach reach_of(const IpAddress& address) {
  const IpAddress inner = innermost(address);
  const auto* const special = std::ranges::find_if(networks, [&](const SpecialNetwork& network) {
    return inner.is_in(*IpAddress::parse(network.address), network.prefix_length);
  });
  return special == std::end(networks) ? Reach::global : special->reach;
}

}  // namespace sekisho::dns
