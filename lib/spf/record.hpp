// The SPF record (RFC 7208 §3, §4.5, §4.6.1, §5, §6): from text to terms. The whole record is
// checked here, before anything of it is evaluated.
#pragma once

#include "dns/ip_address.hpp"
#include "spf/macro.hpp"
#include "spf/result.hpp"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::spf {

enum class Mechanism : std::uint8_t { all, include, a, mx, ptr, ip4, ip6, exists };

/// Whether evaluating it asks the DNS, and so counts against the limit (RFC 7208 §4.6.4).
[[nodiscard]] constexpr bool is_lookup_term(Mechanism mechanism) {
  return mechanism != Mechanism::all && mechanism != Mechanism::ip4 && mechanism != Mechanism::ip6;
}

/// RFC 7208 §4.8, its syntax checked. A view into the record's text; empty: the domain itself.
struct DomainSpec {
  std::string_view text;
  MacroUse use;
};

/// A view into the record's text.
struct Directive {
  Mechanism mechanism = Mechanism::all;
  ResultCode result = ResultCode::pass;  ///< What its qualifier gives (RFC 7208 §4.6.2).
  DomainSpec domain_spec;
  dns::IpAddress network;     ///< Of `ip4` and `ip6`.
  std::uint8_t prefix4 = 32;  ///< Of `ip4`, and of `a` and `mx` for IPv4 clients.
  std::uint8_t prefix6 = 128;
  std::string_view text;  ///< As published: visible US-ASCII.
};

/// Views into the text that it was parsed from.
struct Record {
  std::vector<Directive> directives;
  std::optional<DomainSpec> redirect;  ///< Never reached where there is an `all` (RFC 7208 §6.1).
  std::optional<DomainSpec> explanation;
};

enum class RecordErrorCode : std::uint8_t {
  too_long,
  unknown_mechanism,
  missing_argument,
  unexpected_argument,
  bad_network,
  bad_prefix_length,
  bad_macro,  ///< See `macro`.
  repeated_modifier,
};

struct RecordError {
  RecordErrorCode code = RecordErrorCode::unknown_mechanism;
  MacroError macro = MacroError::bad_character;
  std::string_view term;  ///< Where it went wrong: a view into the text, any bytes.
};
/// "unknown mechanism in "fo:example.org"": safe to print.
[[nodiscard]] std::string format_record_error(const RecordError& error);

/// Longer ones are refused. The RFC names no limit, but wants records in one UDP packet (§3.4).
inline constexpr std::size_t max_record_octets = 16'384;

/// Whether a TXT record is an SPF record: begins with `v=spf1` and a blank, or is just that (RFC
/// 7208 §4.5).
[[nodiscard]] bool is_spf_record(std::string_view text);

/// The terms of a text that is_spf_record().
[[nodiscard]] std::expected<Record, RecordError> parse_record(std::string_view text);

/// A name or term for a message to people: what is not visible US-ASCII becomes `?`, and what is
/// long is cut.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace sekisho::spf
