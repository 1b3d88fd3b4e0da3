// Cutting the lists of a DMARC record at their separators (RFC 9989 §4.8).
#pragma once

#include <string_view>

namespace sekisho::dmarc {

/// What stands before the first `separator`, or all; cuts it and the separator off `rest`.
[[nodiscard]] constexpr std::string_view take_until(std::string_view& rest, char separator) {
  const auto end = rest.find(separator);
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return part;
}

}  // namespace sekisho::dmarc
