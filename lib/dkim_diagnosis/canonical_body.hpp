// A body in its canonical form, line by line (RFC 6376 §3.4.3, §3.4.4).
#pragma once

#include "dkim/canonicalize.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::dkim_diagnosis {

/// The lines of a text, each with its CRLF. Only CRLF ends a line; the last one may lack it. Refers
/// to the text.
[[nodiscard]] std::vector<std::string_view> split_lines(std::string_view text);
/// A line without its CRLF.
[[nodiscard]] std::string_view without_line_end(std::string_view line);
/// The number of the line, from 0 on, that contains `offset`.
[[nodiscard]] std::size_t line_at(std::string_view text, std::size_t offset);

/// The canonical form has the lines of the body, one for one, without the empty ones at its end.
class CanonicalBody {
 public:
  CanonicalBody(std::string_view body, dkim::Canonicalization canonicalization);

  [[nodiscard]] std::string_view text() const { return text_; }
  [[nodiscard]] std::size_t line_count() const { return ends_.size(); }
  [[nodiscard]] std::string_view line(std::size_t number) const {
    return text().substr(start(number), ends_[number] - start(number));
  }
  /// Where line `number` begins; that of the end for line_count().
  [[nodiscard]] std::size_t start(std::size_t number) const {
    return number == 0 ? 0 : ends_[number - 1];
  }

 private:
  std::string text_;
  std::vector<std::size_t> ends_;
};

}  // namespace sekisho::dkim_diagnosis
