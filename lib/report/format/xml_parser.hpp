// Parses hostile XML with libxml2: elements as events, no tree, no document type, no entities
// except the five of XML, no network access (RFC 9990 §8.1). The input is first decoded and
// repaired (XmlDecoder, XmlMender).
#pragma once

#include "report/format/byte_source.hpp"
#include "report/format/notes.hpp"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace sekisho::report::format {

struct XmlLimits {
  std::uint64_t octets = std::uint64_t{256} << 20U;  ///< Of the document.
  std::size_t depth = 16;                            ///< Of nested elements.
  std::size_t text_octets = 4'096;                   ///< Of an element; the rest is cut.
  /// MendingLimits::never_nested
  std::string_view never_nested;
};

enum class XmlEnd : std::uint8_t {
  whole,
  cut,  ///< The document is truncated, or has no root element.
};

/// Receives the elements of a document. Its exceptions pass through parse_xml().
class XmlEvents {
 public:
  XmlEvents() = default;
  XmlEvents(const XmlEvents&) = delete;
  XmlEvents& operator=(const XmlEvents&) = delete;
  virtual ~XmlEvents() = default;

  /// `name` without its prefix; `name_space` is "" for none.
  virtual void begin(std::string_view name, std::string_view name_space) = 0;
  /// `text` is UTF-8: the text since the begin of the element, or since its last child. An error
  /// ends parsing with this message.
  [[nodiscard]] virtual std::expected<void, std::string> end(std::string_view text) = 0;
};

/// Reads a document to its end. Repairs and cut text add notes. Elements that are open where a
/// document is truncated do not end. The error names the line, and is for people.
[[nodiscard]] std::expected<XmlEnd, std::string> parse_xml(const ByteSource& source,
                                                           const XmlLimits& limits,
                                                           XmlEvents& events, ReportNotes& notes);

}  // namespace sekisho::report::format
