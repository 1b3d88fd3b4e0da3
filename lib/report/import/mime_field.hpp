// Values and parameters of MIME header fields (RFC 2045 §5.1).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sekisho::report::import {

/// Returns the unfolded value of the first field of this name in a header section; "" if there is
/// none. A value longer than max_field_octets is cut.
[[nodiscard]] std::string field_value(std::string_view header, std::string_view name);

inline constexpr std::size_t max_field_octets = 8'192;

/// Returns the text before the first `;`, in lower case and without blanks.
[[nodiscard]] std::string main_value(std::string_view field);

/// Returns the parameter of this name, also if it is split or encoded as in RFC 2231 §3 and §4,
/// whose charset is ignored. Nullopt: there is none. A value that lacks its quotes ends at the next
/// `;`.
[[nodiscard]] std::optional<std::string> parameter(std::string_view field, std::string_view name);

}  // namespace sekisho::report::import
