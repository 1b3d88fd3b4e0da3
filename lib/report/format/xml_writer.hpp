// Writes XML with libxml2 to memory, which is passed on piece by piece.
#pragma once

#include "c_ptr.hpp"

#include <functional>
#include <string>
#include <string_view>

#include <libxml/tree.h>
#include <libxml/xmlwriter.h>

namespace sekisho::report::format {

/// UTF-8, indented by two blanks. Throws std::bad_alloc if memory runs out.
class XmlWriter {
 public:
  using Sink = std::function<void(std::string_view)>;
  explicit XmlWriter(Sink sink);

  void begin(const char* name);
  void attribute(const char* name, std::string_view value);
  void end();
  /// Writes an element with text, made printable(): XML 1.0 §2.2 does not allow all characters.
  void element(const char* name, std::string_view text);
  /// The same, but writes nothing if the text is empty.
  void optional_element(const char* name, std::string_view text);
  /// Passes on what was written so far.
  void flush();

 private:
  Sink sink_;
  CPtr<xmlBuffer, &xmlBufferFree> buffer_;
  CPtr<xmlTextWriter, &xmlFreeTextWriter> writer_;  // writes into the buffer until it is gone
};

}  // namespace sekisho::report::format
