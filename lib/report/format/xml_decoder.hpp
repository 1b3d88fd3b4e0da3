// Decodes an XML document to UTF-8 (XML 1.0 appendix F). The declared encoding is not reliable:
// reporters label UTF-8 as UTF-16, and Latin-1 as UTF-8.
#pragma once

#include "report/format/notes.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace sekisho::report::format {

/// XML 1.0 §2.2.
[[nodiscard]] constexpr bool is_xml_character(char32_t point) {
  return point == '\t' || point == '\n' || point == '\r' || (point >= ' ' && point < 0xd800) ||
         (point >= 0xe000 && point < 0xfffe) || (point >= 0x10000 && point < 0x110000);
}

/// Produces well-formed UTF-8 without characters that XML does not allow (such as NUL). The
/// encoding is UTF-16 if the octets show it, else that of the XML declaration, else UTF-8. Invalid
/// octets are read as Windows-1252 in UTF-8, and as U+FFFD in other encodings.
class XmlDecoder {
 public:
  explicit XmlDecoder(ReportNotes& notes);
  ~XmlDecoder();
  XmlDecoder(const XmlDecoder&) = delete;
  XmlDecoder& operator=(const XmlDecoder&) = delete;

  /// Appends the text of the next octets to `output`; an empty chunk is the end.
  void decode(std::string_view chunk, std::string& output);

  class Encoding;

 private:
  [[nodiscard]] bool begin(bool is_last);

  ReportNotes& notes_;
  std::string held_;  // before the encoding is known, or of an incomplete character
  std::unique_ptr<Encoding> encoding_;
};

}  // namespace sekisho::report::format
