#include "report/format/xml_parser.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::report::format {

namespace {

class Listing final : public XmlEvents {
 public:
  void begin(std::string_view name, std::string_view name_space) override {
    lines.push_back("<" + std::string(name) + " " + std::string(name_space));
  }
  std::expected<void, std::string> end(std::string_view text) override {
    lines.push_back(">" + std::string(text));
    return {};
  }

  std::vector<std::string> lines;
};

struct Parsed {
  std::expected<XmlEnd, std::string> end = XmlEnd::whole;
  std::vector<std::string> lines;
  std::vector<ReportNote> notes;
};

Parsed parse(std::string_view text, const XmlLimits& limits = {}) {
  Listing listing;
  ReportNotes notes;
  Parsed parsed;
  parsed.end = parse_xml(source_of(text), limits, listing, notes);
  parsed.lines = std::move(listing.lines);
  parsed.notes = notes.take();
  return parsed;
}

std::string nested(std::size_t depth) {
  std::string text;
  for (std::size_t i = 0; i < depth; ++i) {
    text += "<e" + std::to_string(i) + ">";
  }
  for (std::size_t i = depth; i > 0; --i) {
    text += "</e" + std::to_string(i - 1) + ">";
  }
  return text;
}

}  // namespace

TEST_CASE("elements with their name spaces and texts", "[report]") {
  const Parsed parsed = parse("<p:a xmlns:p='u' xmlns='v'><b>x<c/>y</b><q:d/></p:a>");
  CHECK(parsed.end == XmlEnd::whole);
  CHECK(parsed.lines ==
        std::vector<std::string>{"<a u", "<b v", "<c v", ">", ">y", "<d ", ">", ">"});
  CHECK(parsed.notes.empty());
}

TEST_CASE("the limits of depth and text are exact", "[report]") {
  const XmlLimits limits{.depth = 5, .text_octets = 7};
  CHECK(parse(nested(5), limits).end == XmlEnd::whole);
  CHECK(parse(nested(6), limits).end.error() == "line 1: elements are nested too deeply");
  CHECK(parse(nested(16)).end == XmlEnd::whole);
  CHECK_FALSE(parse(nested(17)).end);

  const Parsed whole = parse("<a>1234567</a>", limits);
  CHECK(whole.lines.back() == ">1234567");
  CHECK(whole.notes.empty());
  for (const std::string text : {"12345678", "1234567&amp;", "123<![CDATA[45678]]>"}) {
    const Parsed cut = parse("<a>" + text + "</a>", limits);
    CHECK(cut.lines.back() == ">1234567");
    CHECK(cut.notes ==
          std::vector<ReportNote>{{"text that is longer than what is read was cut", 1}});
  }
}

TEST_CASE("the limit of the document is exact", "[report]") {
  const std::string text = "<a>12345</a>";
  CHECK(parse(text, {.octets = text.size()}).end == XmlEnd::whole);
  CHECK(parse(text, {.octets = text.size() - 1}).end.error() == "larger than 11 octets");
}

TEST_CASE("elements that are cut off do not end", "[report]") {
  const Parsed parsed = parse("<a><b>1</b><c>2");
  CHECK(parsed.end == XmlEnd::cut);
  CHECK(parsed.lines == std::vector<std::string>{"<a ", "<b ", ">1", "<c "});
  CHECK(parse("").end == XmlEnd::cut);
  CHECK(parse("no XML").end == XmlEnd::cut);
}

TEST_CASE("many attributes cost no more than their octets", "[report]") {
  std::string attributes;
  std::string name_spaces;
  for (int i = 0; i < 200'000; ++i) {
    attributes += " a" + std::to_string(i) + "=''";
    name_spaces += " xmlns:a" + std::to_string(i) + "='u'";
  }
  CHECK(parse("<a" + attributes + "/>").end == XmlEnd::whole);
  CHECK(parse("<a" + name_spaces + "/>").end == XmlEnd::whole);
}

}  // namespace sekisho::report::format
