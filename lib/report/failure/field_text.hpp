// Writes header fields so that a value cannot break out of its field (RFC 5322 §2.2, RFC 5965
// §3.5).
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sekisho::report::failure {

/// Limit of one value; the rest is cut.
inline constexpr std::size_t max_field_octets = 16'384;

enum class FieldCharset : std::uint8_t { ascii, utf8 };

/// Returns `Name: value` with CRLF, folded between words to less than 78 columns. Unfolds the value
/// first; controls, and characters outside of the charset, become `?`. `name` must be a valid field
/// name.
[[nodiscard]] std::string field_text(std::string_view name, std::string_view value,
                                     FieldCharset charset);

/// Returns true for ftext (RFC 5322 §3.6.8).
[[nodiscard]] bool is_field_name(std::string_view name);

/// Returns a quoted-string (RFC 5322 §3.2.4).
[[nodiscard]] std::string quoted_string(std::string_view text);

/// Returns the date-time of RFC 5322 §3.3, in UTC.
[[nodiscard]] std::string date_text(std::chrono::sys_seconds time);

}  // namespace sekisho::report::failure
