// Header fields as the reader of mails wants them: values with parameters (RFC 2045 §5.1).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sekisho::report::import {

/// The value of the first field of this name in a header section, unfolded; "" where there is none.
/// What is longer than max_field_octets is cut.
[[nodiscard]] std::string field_value(std::string_view header, std::string_view name);

inline constexpr std::size_t max_field_octets = 8'192;

/// What stands before the first `;`, in lower case and without blanks.
[[nodiscard]] std::string main_value(std::string_view field);

/// The parameter of this name, also in the pieces and with the encoding of RFC 2231 §3 and §4,
/// whose character set is not looked at. Nullopt: there is none. A value need not be quoted where
/// the grammar says so: it ends at the next `;` then.
[[nodiscard]] std::optional<std::string> parameter(std::string_view field, std::string_view name);

}  // namespace sekisho::report::import
