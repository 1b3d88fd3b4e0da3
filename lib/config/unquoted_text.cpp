#include "config/unquoted_text.hpp"

#include "mail/ascii.hpp"

#include <algorithm>

namespace sekisho::config {

namespace {

// Where the text goes on after the string that begins at `begin`: after its closing quotes, or
// where it breaks off.
std::size_t end_of_string(std::string_view text, std::size_t begin) {
  const char quote = text[begin];
  const std::string_view triple = quote == '"' ? "\"\"\"" : "'''";
  const bool is_multi_line = text.substr(begin).starts_with(triple);
  const std::string_view end = is_multi_line ? triple : triple.substr(0, 1);
  std::size_t i = begin + end.size();
  while (i < text.size()) {
    if (text.substr(i).starts_with(end)) {
      return i + end.size();
    }
    if (text[i] == '\n' && !is_multi_line) {
      return i;
    }
    i += quote == '"' && text[i] == '\\' ? 2 : 1;  // a literal string has no escapes
  }
  return text.size();
}

}  // namespace

std::optional<std::size_t> find_unquoted_non_ascii(std::string_view text) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  std::size_t i = text.starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
  while (i < text.size()) {
    const char c = text[i];
    if (mail::is_eight_bit(c)) {
      const auto here = text.begin() + static_cast<std::ptrdiff_t>(i);
      return static_cast<std::size_t>(std::count(text.begin(), here, '\n')) + 1;
    }
    if (c == '#') {
      i = std::min(text.find('\n', i), text.size());
    } else if (c == '"' || c == '\'') {
      i = end_of_string(text, i);
    } else {
      ++i;
    }
  }
  return std::nullopt;
}

}  // namespace sekisho::config
