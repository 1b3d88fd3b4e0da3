// XML of strangers through libxml2: elements as they come, no tree, no document type, no entities
// but the five of XML itself, nothing fetched (RFC 9990 §8.1). What libxml2 gets has been decoded
// and mended before (XmlDecoder, XmlMender).
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
  std::size_t depth = 16;                            ///< Of elements in one another.
  std::size_t text_octets = 4'096;                   ///< Of an element; what is longer is cut.
  /// MendingLimits::never_nested
  std::string_view never_nested;
};

enum class XmlEnd : std::uint8_t {
  whole,
  cut,  ///< The document ends before its root element does, or has none.
};

/// Is told of the elements of a document. What it throws comes out of parse_xml().
class XmlEvents {
 public:
  XmlEvents() = default;
  XmlEvents(const XmlEvents&) = delete;
  XmlEvents& operator=(const XmlEvents&) = delete;
  virtual ~XmlEvents() = default;

  /// `name` without its prefix; `name_space` is "" for none.
  virtual void begin(std::string_view name, std::string_view name_space) = 0;
  /// `text` is UTF-8: what stood between the element's begin, or that of its last child, and its
  /// end. An error ends the reading with that message.
  [[nodiscard]] virtual std::expected<void, std::string> end(std::string_view text) = 0;
};

/// Reads a document to its end. What had to be mended, and text that was cut, is noted. Elements
/// that are open where a document is cut do not end. An error says, for people, what is wrong and
/// in which line.
[[nodiscard]] std::expected<XmlEnd, std::string> parse_xml(const ByteSource& source,
                                                           const XmlLimits& limits,
                                                           XmlEvents& events, ReportNotes& notes);

}  // namespace sekisho::report::format
