#include "report/format/xml_decoder.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::report::format {

namespace {

using namespace std::string_literals;

struct Decoded {
  std::string text;
  std::vector<std::string> notes;
};

Decoded decode(std::string_view octets, std::size_t chunk) {
  ReportNotes notes;
  XmlDecoder decoder(notes);
  Decoded decoded;
  for (; !octets.empty(); octets.remove_prefix(std::min(chunk, octets.size()))) {
    decoder.decode(octets.substr(0, chunk), decoded.text);
  }
  decoder.decode("", decoded.text);
  for (const ReportNote& note : notes.take()) {
    decoded.notes.push_back(note.text);
  }
  return decoded;
}

std::string utf16(std::u16string_view text, bool big_endian) {
  std::string octets;
  for (const char16_t c : text) {
    const char high = static_cast<char>(c >> 8U);
    const char low = static_cast<char>(c & 0xffU);
    octets += big_endian ? std::string{high, low} : std::string{low, high};
  }
  return octets;
}

const std::string windows = "text that is not UTF-8 was read as Windows-1252";
const std::string dropped = "characters that XML does not allow, such as NUL, were dropped";
const std::string replaced =
    "text that is not of the encoding that the document names was replaced";
const std::string unknown =
    "the document names an encoding that it is not in: it was read as UTF-8";

}  // namespace

TEST_CASE("XML is decoded by what it is, not by what it says", "[report]") {
  struct Case {
    std::string name;
    std::string octets;
    std::string text;
    std::vector<std::string> notes;
  };
  const Case cases[] = {
      {"UTF-8",
       "<a>\xc3\xbc \xe2\x82\xac \xf0\x9f\x98\x80</a>",
       "<a>\xc3\xbc \xe2\x82\xac \xf0\x9f\x98\x80</a>",
       {}},
      {"UTF-8 with its mark", "\xef\xbb\xbf<a/>", "<a/>", {}},
      {"UTF-16, little-endian",
       "\xff\xfe"s + utf16(u"<a>\u00fc\U0001f600</a>", false),
       "<a>\xc3\xbc\xf0\x9f\x98\x80</a>",
       {}},
      {"UTF-16, big-endian, without a mark",
       utf16(u"<a>\u20ac</a>", true),
       "<a>\xe2\x82\xac</a>",
       {}},
      {"half of a pair",
       "\xff\xfe"s + utf16(u"<a>\xd83dx\xde00", false),
       "<a>\xef\xbf\xbdx",
       {dropped}},
      {"Latin-1 in UTF-8",
       "<a>Sue\xf1o \xe2\x82</a>",
       "<a>Sue\xc3\xb1o \xc3\xa2\xe2\x80\x9a</a>",
       {windows}},
      {"overlong, a surrogate, beyond Unicode",
       "<\xc0\xaf\xed\xa0\x80\xf4\x90\x80\x80>",
       "<\xc3\x80\xc2\xaf\xc3\xad\xc2\xa0\xe2\x82\xac\xc3\xb4\xef\xbf\xbd\xe2\x82\xac\xe2\x82\xac>",
       {windows}},
      {"a character that is cut off", "<a>\xe2\x82", "<a>\xc3\xa2\xe2\x80\x9a", {windows}},
      {"NUL and others", "<a>\0\x01\x1f\x7f\xef\xbf\xbe</a>\0"s, "<a>\x7f</a>", {dropped}},
      {"UTF-16 that is UTF-8",
       "<?xml version='1.0' encoding='utf-16'?><a>\xc3\xbc</a>",
       "<?xml version='1.0' encoding='utf-16'?><a>\xc3\xbc</a>",
       {unknown}},
      {"an encoding that nobody knows",
       "<?xml encoding=\"x-evil/../..\"?><a/>",
       "<?xml encoding=\"x-evil/../..\"?><a/>",
       {unknown}},
      {"ISO 8859-1",
       "<?xml encoding=\"ISO-8859-1\"?><a>M\xfcller</a>",
       "<?xml encoding=\"ISO-8859-1\"?><a>M\xc3\xbcller</a>",
       {}},
      {"Windows-1252",
       "<?xml encoding=\"windows-1252\"?><a>\x80</a>",
       "<?xml encoding=\"windows-1252\"?><a>\xe2\x82\xac</a>",
       {}},
      {"ISO-2022-JP",
       "<?xml encoding=\"ISO-2022-JP\"?><a>\x1b$BNc\x1b(B</a>",
       "<?xml encoding=\"ISO-2022-JP\"?><a>\xe4\xbe\x8b</a>",
       {}},
      {"EUC-JP that is none",
       "<?xml encoding=\"EUC-JP\"?><a>\xff</a> more text",
       "<?xml encoding=\"EUC-JP\"?><a>\xef\xbf\xbd</a> more text",
       {replaced}},
      {"nothing", "", "", {}},
  };
  for (const Case& row : cases) {
    DYNAMIC_SECTION(row.name) {
      for (const std::size_t chunk : {1UL, 3UL, 1'000'000UL}) {
        CAPTURE(chunk);
        const Decoded decoded = decode(row.octets, chunk);
        CHECK(decoded.text == row.text);
        CHECK(decoded.notes == row.notes);
      }
    }
  }
}

TEST_CASE("a document that is longer than what is looked at first is decoded whole", "[report]") {
  std::string octets = "<?xml encoding='Shift_JIS'?>";
  std::string text = octets;
  for (int i = 0; i < 20'000; ++i) {
    octets += "\x97\xe1";
    text += "\xe4\xbe\x8b";
  }
  CHECK(decode(octets, 32'768).text == text);
  CHECK(decode(octets, 1).text == text);
}

}  // namespace sekisho::report::format
