// libxml2's writer into memory that is handed on piece by piece.
#pragma once

#include "c_ptr.hpp"

#include <functional>
#include <string>
#include <string_view>

#include <libxml/tree.h>
#include <libxml/xmlwriter.h>

namespace sekisho::report::format {

/// Two blanks of indentation; UTF-8. Where memory is wanting it throws std::bad_alloc.
class XmlWriter {
 public:
  using Sink = std::function<void(std::string_view)>;
  explicit XmlWriter(Sink sink);

  void begin(const char* name);
  void attribute(const char* name, std::string_view value);
  void end();
  /// An element with text, made printable(): XML 1.0 §2.2 has no place for all characters.
  void element(const char* name, std::string_view text);
  /// The same, but nothing where there is no text.
  void optional_element(const char* name, std::string_view text);
  /// Hands on what has been written so far.
  void flush();

 private:
  Sink sink_;
  CPtr<xmlBuffer, &xmlBufferFree> buffer_;
  CPtr<xmlTextWriter, &xmlFreeTextWriter> writer_;  // writes into the buffer until it is gone
};

}  // namespace sekisho::report::format
