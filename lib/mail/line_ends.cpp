#include "mail/line_ends.hpp"

#include <algorithm>
#include <cstddef>

namespace sekisho::mail {

void append_with_crlf(std::string& output, std::string_view text, char before) {
  for (;;) {
    const std::size_t line_end = text.find('\n');
    if (line_end == std::string_view::npos) {
      output += text;
      return;
    }
    output += text.substr(0, line_end);
    output += (line_end > 0 ? text[line_end - 1] : before) == '\r' ? "\n" : "\r\n";
    text.remove_prefix(line_end + 1);
    before = '\n';
  }
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    lines.emplace_back(line);
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  return lines;
}

}  // namespace sekisho::mail
