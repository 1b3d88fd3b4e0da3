#include "mail/line_ends.hpp"

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

}  // namespace sekisho::mail
