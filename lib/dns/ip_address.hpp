// IPv4 and IPv6 addresses and networks, as clients have them and as A and AAAA records hold them.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sekisho::dns {

/// An address of either family. IPv4-mapped IPv6 addresses (RFC 4291 §2.5.5.2) become IPv4 when
/// they are parsed, since every mechanism treats them so (RFC 7208 §5).
class IpAddress {
 public:
  /// Strict: dotted quad without leading zeros, or RFC 4291 text; no zone id, no brackets, no
  /// prefix length.
  [[nodiscard]] static std::optional<IpAddress> parse(std::string_view text);
  /// From network order: 4 or 16 octets.
  static IpAddress v4(const std::array<std::uint8_t, 4>& octets);
  static IpAddress v6(const std::array<std::uint8_t, 16>& octets);

  [[nodiscard]] bool is_v4() const { return v4_; }
  [[nodiscard]] bool is_v6() const { return !v4_; }

  /// Canonical text (RFC 5952 for IPv6).
  [[nodiscard]] std::string text() const;
  /// The name that a PTR record for this address has: `1.2.0.192.in-addr.arpa` or 32 nibbles under
  /// `ip6.arpa`.
  [[nodiscard]] std::string reverse_name() const;
  /// The IPv4 address that an IPv4-mapped one holds; any other as it is.
  [[nodiscard]] IpAddress unmapped() const;
  /// Whether the first `prefix_length` bits equal those of `network`; never, where the families
  /// differ.
  [[nodiscard]] bool is_in(const IpAddress& network, unsigned prefix_length) const;
  /// The octets in network order; an IPv4 address uses the first four.
  [[nodiscard]] const std::array<std::uint8_t, 16>& octets() const { return octets_; }

  auto operator<=>(const IpAddress&) const = default;

 private:
  std::array<std::uint8_t, 16> octets_{};
  bool v4_ = true;
};

}  // namespace sekisho::dns
