// Networks in CIDR notation (RFC 4632 §3.1, RFC 4291 §2.3).
#pragma once

#include "dns/ip_address.hpp"

#include <expected>
#include <string>
#include <string_view>

namespace sekisho::dns {

/// `192.0.2.0/24`, `2001:db8::/32`, or one address. The bits behind the prefix are zero.
struct Network {
  IpAddress address;
  unsigned prefix_length = 0;

  /// An error says what is wrong.
  [[nodiscard]] static std::expected<Network, std::string> parse(std::string_view text);
  [[nodiscard]] std::string text() const;
  [[nodiscard]] bool contains(const IpAddress& candidate) const {
    return candidate.is_in(address, prefix_length);
  }

  bool operator==(const Network&) const = default;
};

}  // namespace sekisho::dns
