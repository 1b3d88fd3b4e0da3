#include "dkim/body_canonicalizer.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::dkim {
namespace {

std::string canonicalize(std::string_view body, Canonicalization canonicalization,
                         std::size_t chunk_size) {
  std::string result;
  const BodySink sink = [&result](std::string_view text) { result += text; };
  BodyCanonicalizer canonicalizer(canonicalization);
  for (std::size_t i = 0; i < body.size(); i += chunk_size) {
    canonicalizer.update(body.substr(i, chunk_size), sink);
  }
  canonicalizer.finish(sink);
  return result;
}

std::string repeat(std::string_view text, std::size_t times) {
  std::string result;
  for (std::size_t i = 0; i < times; ++i) {
    result += text;
  }
  return result;
}

struct Case {
  std::string_view name;
  std::string body;
  std::string simple;
  std::string relaxed;
};

std::vector<Case> cases() {
  const std::string many_lines = repeat("\r\n", 40'000);
  const std::string long_line = repeat("0123456789", 20'000);
  const std::string words = repeat("word ", 20'000);
  return {
      {"RFC 6376 §3.4.5", " C \r\nD \t E\r\n\r\n\r\n", " C \r\nD \t E\r\n", " C\r\nD E\r\n"},
      {"empty", "", "\r\n", ""},
      {"one empty line", "\r\n", "\r\n", ""},
      {"empty lines alone", "\r\n\r\n\r\n", "\r\n", ""},
      {"lines of blanks alone", " \t\r\n\t\r\n", " \t\r\n\t\r\n", ""},
      {"blanks alone, no line end", " \t", " \t\r\n", ""},
      {"no line end at the end", "a", "a\r\n", "a\r\n"},
      {"one line", "a\r\n", "a\r\n", "a\r\n"},
      {"empty lines at the end", "a\r\n\r\n\r\n\r\n", "a\r\n", "a\r\n"},
      {"empty lines in the middle", "a\r\n\r\n\r\nb\r\n\r\n", "a\r\n\r\n\r\nb\r\n",
       "a\r\n\r\n\r\nb\r\n"},
      {"empty lines first", "\r\n\r\na", "\r\n\r\na\r\n", "\r\n\r\na\r\n"},
      {"blanks after the last line end", "a\r\n ", "a\r\n \r\n", "a\r\n"},
      {"blanks at the end, no line end", "a  \t", "a  \t\r\n", "a\r\n"},
      {"blanks before a word", "  a", "  a\r\n", " a\r\n"},
      {"runs of blanks", "a \t b\t\tc\td \r\n", "a \t b\t\tc\td \r\n", "a b c d\r\n"},
      {"a line of blanks in the middle", "a\r\n \t \r\nb\r\n", "a\r\n \t \r\nb\r\n",
       "a\r\n\r\nb\r\n"},
      {"a bare CR is no line end", "a \r b\r", "a \r b\r\r\n", "a \r b\r\r\n"},
      {"a bare LF is no line end", "a \n\n", "a \n\n\r\n", "a \n\n\r\n"},
      {"a bare LF first", "\na", "\na\r\n", "\na\r\n"},
      {"CR CR LF", "a \r\r\nb", "a \r\r\nb\r\n", "a \r\r\nb\r\n"},
      {"CR after empty lines", "a\r\n\r\n\r", "a\r\n\r\n\r\r\n", "a\r\n\r\n\r\r\n"},
      {"CR alone", "\r", "\r\r\n", "\r\r\n"},
      {"CRs alone", "\r\r\r", "\r\r\r\r\n", "\r\r\r\r\n"},
      {"LF CR", "\n\r\n\r", "\n\r\n\r\r\n", "\n\r\n\r\r\n"},
      {"blank and CR at the end", "a \r", "a \r\r\n", "a \r\r\n"},
      {"blank, CR, blanks", "a \r  b \r\n", "a \r  b \r\n", "a \r b\r\n"},
      {"NUL and octets above 127", std::string("\0\xff \xfe\0", 5),
       std::string("\0\xff \xfe\0\r\n", 7), std::string("\0\xff \xfe\0\r\n", 7)},
      {"many empty lines at the end", "a" + many_lines, "a\r\n", "a\r\n"},
      {"many empty lines in the middle", "a" + many_lines + "b", "a" + many_lines + "b\r\n",
       "a" + many_lines + "b\r\n"},
      {"a long line", long_line, long_line + "\r\n", long_line + "\r\n"},
      {"a long line of words", words + "\r\n", words + "\r\n",
       words.substr(0, words.size() - 1) + "\r\n"},
      {"a long run of blanks", "a" + repeat(" \t", 40'000) + "b",
       "a" + repeat(" \t", 40'000) + "b\r\n", "a b\r\n"},
      {"a tab in each block", repeat(long_line.substr(0, 70) + '\t', 300),
       repeat(long_line.substr(0, 70) + '\t', 300) + "\r\n",
       repeat(long_line.substr(0, 70) + ' ', 299) + long_line.substr(0, 70) + "\r\n"},
  };
}

}  // namespace

TEST_CASE("body canonicalisation, whatever the chunks (RFC 6376 §3.4.3, §3.4.4)", "[dkim]") {
  const std::size_t chunk_size = GENERATE(1U, 2U, 3U, 5U, 64U, 65535U, 10'000'000U);
  for (const Case& row : cases()) {
    DYNAMIC_SECTION(row.name << ", chunks of " << chunk_size) {
      // Compared outside the assertion: the long ones must not be printed.
      const bool simple_holds =
          canonicalize(row.body, Canonicalization::simple, chunk_size) == row.simple;
      const bool relaxed_holds =
          canonicalize(row.body, Canonicalization::relaxed, chunk_size) == row.relaxed;
      CHECK(simple_holds);
      CHECK(relaxed_holds);
    }
  }
}

TEST_CASE("body canonicalisation: blanks at every distance from a slice's end", "[dkim]") {
  constexpr std::size_t slice_size = 16 * 1024;
  for (std::size_t before = slice_size - 70; before < slice_size + 3; ++before) {
    const std::string text(before, 'x');
    const std::string body = text + "\t \r\n" + text + " \t\ty \r";
    const std::string relaxed = text + "\r\n" + text + " y \r\r\n";
    CAPTURE(before);
    const bool holds = canonicalize(body, Canonicalization::relaxed, body.size()) == relaxed;
    CHECK(holds);
  }
}

}  // namespace sekisho::dkim
