// The parts of a body, and where they stand (RFC 2046 §5.1).
#pragma once

#include "dkim_diagnosis/repair.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sekisho::dkim_diagnosis {

/// What is read of a Content-Type value: a media type in lower case and its parameters.
[[nodiscard]] std::string media_type_of(std::string_view content_type);
/// The value of a parameter without its quotes; names in any case.
[[nodiscard]] std::optional<std::string> parameter_of(std::string_view content_type,
                                                      std::string_view name);

/// A part that is no multipart. Offsets are those of the body.
struct Part {
  std::size_t header_begin = 0;
  std::size_t begin = 0;     ///< Of the content.
  std::size_t end = 0;       ///< Of the content; the CRLF before a boundary is not in it.
  bool is_whole = false;     ///< The body is this part, and its fields are those of the message.
  bool is_enclosed = false;  ///< A multipart contains it.
  Content content;

  [[nodiscard]] bool is_text() const;
  [[nodiscard]] bool is_html() const;
};

/// A line that begins or ends a part.
struct BoundaryLine {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t depth = 0;  ///< Of its multipart, from 0 on.
  bool is_last = false;
};

struct Structure {
  std::vector<Part> leaves;
  std::vector<BoundaryLine> boundaries;
};

/// Reads at most 20 levels and 200 parts; what is beyond belongs to the part that contains it. A
/// body without multipart is one part.
[[nodiscard]] Structure find_parts(std::string_view body, const Content& content);

/// A field in the header of a part: its value, unfolded or not, as a range of the body.
[[nodiscard]] std::optional<std::pair<std::size_t, std::size_t>> find_part_field(
    std::string_view body, std::size_t header_begin, std::size_t header_end, std::string_view name);

}  // namespace sekisho::dkim_diagnosis
