#include "report/format/xml_writer.hpp"

#include "report/format/printable.hpp"

#include <limits>
#include <new>
#include <utility>

namespace sekisho::report::format {

namespace {

const xmlChar* xml_text(const char* text) {
  return reinterpret_cast<const xmlChar*>(text);
}

// The writer has no other way to fail: it writes to memory, and is called in order.
void expect_written(int octets) {
  if (octets < 0) {
    throw std::bad_alloc();
  }
}

}  // namespace

XmlWriter::XmlWriter(Sink sink)
    : sink_(std::move(sink)),
      buffer_(xmlBufferCreate()),
      writer_(buffer_ ? xmlNewTextWriterMemory(buffer_.get(), 0) : nullptr) {
  if (!writer_) {
    throw std::bad_alloc();
  }
  xmlTextWriterSetIndent(writer_.get(), 1);
  xmlTextWriterSetIndentString(writer_.get(), xml_text("  "));
  expect_written(xmlTextWriterStartDocument(writer_.get(), "1.0", "UTF-8", nullptr));
}

void XmlWriter::begin(const char* name) {
  expect_written(xmlTextWriterStartElement(writer_.get(), xml_text(name)));
}

void XmlWriter::attribute(const char* name, std::string_view value) {
  expect_written(xmlTextWriterWriteAttribute(writer_.get(), xml_text(name),
                                             xml_text(std::string(value).c_str())));
}

void XmlWriter::end() {
  expect_written(xmlTextWriterEndElement(writer_.get()));
}

void XmlWriter::element(const char* name, std::string_view text) {
  const std::string clean = printable(text, std::numeric_limits<std::size_t>::max());
  expect_written(xmlTextWriterWriteElement(writer_.get(), xml_text(name), xml_text(clean.c_str())));
}

void XmlWriter::optional_element(const char* name, std::string_view text) {
  if (!text.empty()) {
    element(name, text);
  }
}

void XmlWriter::flush() {
  xmlTextWriterFlush(writer_.get());
  const xmlChar* const text = xmlBufferContent(buffer_.get());
  sink_({reinterpret_cast<const char*>(text),
         static_cast<std::size_t>(xmlBufferLength(buffer_.get()))});
  xmlBufferEmpty(buffer_.get());
}

}  // namespace sekisho::report::format
