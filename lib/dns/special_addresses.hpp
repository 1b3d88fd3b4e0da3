// Addresses that are not everybody's: RFC 6890 and the registries that it began.
#pragma once

#include "dns/ip_address.hpp"

#include <cstdint>

namespace sekisho::dns {

enum class Reach : std::uint8_t {
  global,
  documentation,  ///< RFC 5737, RFC 3849, RFC 9637: reached by nobody, but for tests.
  private_use,  ///< Not reached from everywhere: private, link-local, shared, multicast, reserved.
  loopback,     ///< This host.
};

/// IPv4 addresses within IPv6 ones (IPv4-mapped, NAT64, 6to4) have the reach of the IPv4 address.
[[nodiscard]] Reach reach_of(const IpAddress& address);

}  // namespace sekisho::dns
