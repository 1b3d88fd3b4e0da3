// A destination of reports: one address of rua= or ruf= (RFC 9989 §4.6, RFC 6068).
#pragma once

#include "mail/domain.hpp"

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace sekisho::report::recipients {

struct Destination {
  std::string address;  ///< is_plain_address(); its domain in lower case A-labels.
  mail::Domain host;    ///< The address's domain (RFC 9990 §4 step 1).
  /// `!10m`: size limit of the whole mail in octets (RFC 7489 §6.2, §7.2.1).
  std::optional<std::uint64_t> max_octets;

  bool operator==(const Destination&) const = default;
};

/// Returns true for a dot-atom, `@` and a domain (RFC 5322 §3.4.1), all ASCII and within the limits
/// of RFC 5321 §4.5.3.1: such an address can be used in header fields and SMTP commands unchanged.
[[nodiscard]] bool is_plain_address(std::string_view address);

/// Parses the `mailto:` URIs that dmarc::parse_report_uris accepts. Header fields of the URI
/// (`?subject=`) are ignored. The error says why the URI cannot be used: another scheme, or a local
/// part that needs quotes.
[[nodiscard]] std::expected<Destination, std::string> parse_destination(std::string_view uri);

}  // namespace sekisho::report::recipients
