// Names of elements and attributes in XML, as far as libxml2 is given any (Namespaces in XML 1.0).
#pragma once

#include "mail/ascii.hpp"

#include <string>
#include <string_view>

namespace sekisho::report::format {

[[nodiscard]] constexpr bool is_name_start(char c) {
  return mail::is_alpha(c) || c == '_' || mail::is_eight_bit(c);
}

[[nodiscard]] constexpr bool is_name_character(char c) {
  return is_name_start(c) || mail::is_digit(c) || c == '-' || c == '.' || c == ':';
}

/// Returns the name without its prefix.
[[nodiscard]] std::string_view local_name(std::string_view name);

/// Returns true if libxml2 accepts the name as it is: ASCII, with at most one colon, and a name on
/// both sides of it.
[[nodiscard]] bool is_qualified_name(std::string_view name);

/// Returns the name itself if it is_qualified_name(), else one that is. No reader knows such names,
/// so any other name will do.
[[nodiscard]] std::string safe_name(std::string name);

/// Returns true for `xmlns`, and for `xmlns:` with a prefix that is not reserved.
[[nodiscard]] bool declares_name_space(std::string_view name);

}  // namespace sekisho::report::format
