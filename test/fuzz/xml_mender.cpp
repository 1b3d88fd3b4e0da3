// XML of any kind: what libxml2 is given is well-formed, and the same however it comes in pieces.
#include "report/format/xml_mender.hpp"

#include "report/format/xml_decoder.hpp"
#include "report/format/xml_parser.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace {

using namespace sekisho::report::format;

class Silence final : public XmlEvents {
 public:
  void begin(std::string_view /*name*/, std::string_view /*name_space*/) override {}
  std::expected<void, std::string> end(std::string_view /*text*/) override { return {}; }
};

std::string mended(std::string_view octets, std::size_t chunk) {
  ReportNotes notes;
  XmlDecoder decoder(notes);
  XmlMender mender({.depth = 16, .never_nested = "record"}, notes);
  std::string output;
  for (bool is_last = false; !is_last;) {
    const std::string_view piece = octets.substr(0, chunk);
    octets.remove_prefix(piece.size());
    is_last = piece.empty();
    std::string text;
    decoder.decode(piece, text);
    if (!mender.mend(text, output)) {
      break;
    }
  }
  return output;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  Silence events;
  ReportNotes notes;
  const auto end = parse_xml(source_of(text), {.never_nested = "record"}, events, notes);
  if (!end && !end.error().contains("nested too deeply") &&
      !end.error().contains("document type")) {
    std::abort();
  }
  if (mended(text, 1) != mended(text, size + 1)) {
    std::abort();
  }
  return 0;
}
