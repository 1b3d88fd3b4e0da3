// Where a report may be sent to: one address of rua= or ruf= (RFC 9989 §4.6, RFC 6068).
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
  /// `!10m`: what the whole mail may have in octets (RFC 7489 §6.2, §7.2.1).
  std::optional<std::uint64_t> max_octets;

  bool operator==(const Destination&) const = default;
};

/// A dot-atom, `@` and a domain (RFC 5322 §3.4.1), all ASCII and within RFC 5321 §4.5.3.1: what can
/// stand in a header field and in an SMTP command as it is.
[[nodiscard]] bool is_plain_address(std::string_view address);

/// Takes the `mailto:` URIs that dmarc::parse_report_uris lets through. Header fields of the URI
/// (`?subject=`) are ignored. The error says why no report goes there: another scheme, or a local
/// part that would need quotes.
[[nodiscard]] std::expected<Destination, std::string> parse_destination(std::string_view uri);

}  // namespace sekisho::report::recipients
