// Header fields as text that no value breaks out of (RFC 5322 §2.2, RFC 5965 §3.5).
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sekisho::report::failure {

/// Of one value; what is beyond is cut off.
inline constexpr std::size_t max_field_octets = 16'384;

enum class FieldCharset : std::uint8_t { ascii, utf8 };

/// `Name: value` with CRLF, folded between words under 78 columns. The value's own folds are opened
/// first; controls, and what the charset does not hold, become `?`. `name` is fit to be one.
[[nodiscard]] std::string field_text(std::string_view name, std::string_view value,
                                     FieldCharset charset);

/// ftext (RFC 5322 §3.6.8): may stand before a colon.
[[nodiscard]] bool is_field_name(std::string_view name);

/// A quoted-string (RFC 5322 §3.2.4).
[[nodiscard]] std::string quoted_string(std::string_view text);

/// date-time of RFC 5322 §3.3, UTC.
[[nodiscard]] std::string date_text(std::chrono::sys_seconds time);

}  // namespace sekisho::report::failure
