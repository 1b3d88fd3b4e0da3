// The MTA-STS policy file (RFC 8461 §3.2) and the hosts that it allows (§4.1).
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::mta_sts {

/// RFC 8461 §3.2: a sender reads no more than 64 kilobytes.
inline constexpr std::size_t max_policy_octets = 65'536;
/// RFC 8461 §3.2: "max_age: ... maximum value of 31557600", about a year.
inline constexpr std::uint64_t greatest_max_age = 31'557'600;
inline constexpr std::size_t max_patterns = 1'000;

enum class Mode : std::uint8_t { none, testing, enforce };
[[nodiscard]] std::string_view format_mode(Mode mode);

struct Policy {
  Mode mode = Mode::none;
  std::uint64_t max_age = 0;          ///< Seconds.
  std::vector<std::string> patterns;  ///< mx=, in lower case: `mail.example` or `*.example`.

  bool operator==(const Policy&) const = default;
};

enum class Fault : std::uint8_t {
  too_long,
  malformed_line,
  no_version,        ///< Or one that is not STSv1.
  no_mode,           ///< Or one that is none of the three.
  no_max_age,        ///< Or no number of at most ten digits.
  max_age_too_long,  ///< Beyond greatest_max_age.
  duplicate_field,   ///< version, mode or max_age twice.
  no_mx,             ///< Though the mode is not `none`.
  invalid_mx,        ///< No host name in A-labels, with `*.` at most: an address, a U-label.
};
[[nodiscard]] std::string_view format_fault(Fault fault);

/// Lines end with LF or CRLF. Unknown fields are ignored.
[[nodiscard]] std::expected<Policy, Fault> parse_policy(std::string_view text);

/// Returns true if a pattern allows the host; `*` stands for one label.
[[nodiscard]] bool allows(const Policy& policy, std::string_view host);

}  // namespace sekisho::mta_sts
