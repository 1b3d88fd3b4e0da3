// ASCII characters without a locale: header names, domains and protocol words compare by these.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace sekisho::mail {

[[nodiscard]] constexpr bool is_blank(char c) {
  return c == ' ' || c == '\t';  // WSP, RFC 5234 appendix B.1
}
[[nodiscard]] constexpr bool is_folding_white_space(char c) {
  return is_blank(c) || c == '\r' || c == '\n';  // what FWS is made of, RFC 5322 §3.2.2
}
[[nodiscard]] constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
[[nodiscard]] constexpr bool is_alpha(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
[[nodiscard]] constexpr bool is_alphanumeric(char c) {
  return is_alpha(c) || is_digit(c);
}
/// NUL to US, and DEL.
[[nodiscard]] constexpr bool is_control(char c) {
  return (c >= 0 && c < ' ') || c == '\x7f';
}
[[nodiscard]] constexpr bool is_eight_bit(char c) {
  return static_cast<unsigned char>(c) >= 0x80;
}

[[nodiscard]] constexpr char to_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}
[[nodiscard]] inline std::string to_lower(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](char c) { return to_lower(c); });
  return lower;
}
[[nodiscard]] constexpr bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::ranges::equal(
             a, b, {}, [](char c) { return to_lower(c); }, [](char c) { return to_lower(c); });
}

inline constexpr std::string_view blanks = " \t";  ///< WSP

/// Without the white space at its ends.
template <bool (*is_white_space)(char) = is_blank>
[[nodiscard]] constexpr std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_white_space(text.front())) {
    text.remove_prefix(1);
  }
  while (!text.empty() && is_white_space(text.back())) {
    text.remove_suffix(1);
  }
  return text;
}

}  // namespace sekisho::mail
