#include "mail/message_reader.hpp"

#include "mail/read_text.hpp"

#include <string>
#include <string_view>

#include <catch2/catch.hpp>

namespace sekisho::mail {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

TEST_CASE("message reader: the line of a mailbox file is told", "[mail]") {
  CHECK(read_text("From x\nA: 1\n").report.has_mailbox_line);
  CHECK_FALSE(read_text("From : x\nA: 1\n").report.has_mailbox_line);
  CHECK_FALSE(read_text("A: 1\nFrom x\n").report.has_mailbox_line);
}

TEST_CASE("a message is split into header section and body", "[mail]") {
  struct Case {
    std::string_view what, message;
    HeaderSection header;
    std::string_view body;
  };
  const Case cases[] = {
      {"nothing", "", {}, ""},
      {"CRLF", "A: 1\r\nB:2\r\n\r\nx\r\n", {{"A", " 1"}, {"B", "2"}}, "x\r\n"},
      {"LF", "A: 1\nB:2\n\nx\ny\n", {{"A", " 1"}, {"B", "2"}}, "x\r\ny\r\n"},
      {"both", "A: 1\nB:2\r\n\nx\r\ny\n", {{"A", " 1"}, {"B", "2"}}, "x\r\ny\r\n"},
      {"folds", "A: 1\n\t2\r\n 3\nB:\n\n", {{"A", " 1\r\n\t2\r\n 3"}, {"B", ""}}, ""},
      {"a fold of blanks alone (RFC 5322 §4.2)", "A: 1\n \n 2\n\n", {{"A", " 1\r\n \r\n 2"}}, ""},
      {"no body", "A: 1\r\n", {{"A", " 1"}}, ""},
      {"no line end at the end of the header", "A: 1", {{"A", " 1"}}, ""},
      {"no line end at the end of the body", "A: 1\n\nx\ny", {{"A", " 1"}}, "x\r\ny"},
      {"CR is no line end", "A: 1\r2\r\n\r\nx\ry\r", {{"A", " 1\r2"}}, "x\ry\r"},
      {"CR CR LF keeps one CR", "A: 1\r\r\n\r\nx\r\r\n", {{"A", " 1\r"}}, "x\r\r\n"},
      {"empty first line", "\r\nA: 1\r\n", {}, "A: 1\r\n"},
      {"body of empty lines", "A: 1\n\n\n\n", {{"A", " 1"}}, "\r\n\r\n"},
      {"blanks before the colon stay (RFC 5322 §4.5.8)", "A \t: 1\n\n", {{"A \t", " 1"}}, ""},
      {"NUL and 8-bit octets in a value stay", "A: \0\xff\n\n"sv, {{"A", " \0\xff"s}}, ""},
      {"line of a mailbox file",
       "From a@example.com Thu Jan  1 00:00:00 1970\nA: 1\n\nx\n",
       {{"A", " 1"}},
       "x\r\n"},
      {"a From field with a blank before its colon is no such line",
       "From : a@example.com\n\n",
       {{"From ", " a@example.com"}},
       ""},
  };
  for (const auto& [what, message, header, body] : cases) {
    DYNAMIC_SECTION(what) {
      const ReadText read = read_text(message);
      CHECK(read.header_calls == 1);
      CHECK(read.body == body);
      CHECK_FALSE(read.report.header_cut);
      CHECK_FALSE(read.report.over_limit);
      CHECK(read.header == header);
    }
  }
}

TEST_CASE("a line that is neither a field nor a fold ends the header section", "[mail]") {
  struct Case {
    std::string_view what, message;
    std::size_t fields;
    std::string_view body;
  };
  const Case cases[] = {
      {"no colon", "A: 1\nhello\nB: 2\n\nx", 1, "hello\r\nB: 2\r\n\r\nx"},
      {"no colon, first line", "hello\n\nx", 0, "hello\r\n\r\nx"},
      {"no colon, last line without a line end", "A: 1\nhello", 1, "hello"},
      {"first line begins with a blank", " A: 1\nB: 2\n\n", 0, " A: 1\r\nB: 2\r\n\r\n"},
      {"first line begins with a tab", "\tA: 1\n", 0, "\tA: 1\r\n"},
      {"blank after the line of a mailbox file", "From x\n A: 1\n", 0, " A: 1\r\n"},
      {"second line of a mailbox file", "From x\nFrom x\nA: 1\n", 0, "From x\r\nA: 1\r\n"},
      {"line of a mailbox file below a field", "A: 1\nFrom x\nB: 2\n", 1, "From x\r\nB: 2\r\n"},
      {"empty name", "A: 1\n: 2\n", 1, ": 2\r\n"},
      {"blank inside the name", "A: 1\nB C: 2\n", 1, "B C: 2\r\n"},
      {"control in the name", "A: 1\nB\x01: 2\n", 1, "B\x01: 2\r\n"},
      {"8-bit octet in the name", "A: 1\nFrom\xff: 2\n", 1, "From\xff: 2\r\n"},
      {"CR in the name", "A: 1\nB\r: 2\n", 1, "B\r: 2\r\n"},
      {"CR alone on a line at the end", "A: 1\n\r", 1, "\r"},
  };
  for (const auto& [what, message, fields, body] : cases) {
    DYNAMIC_SECTION(what) {
      const ReadText read = read_text(message);
      CHECK(read.report.header_cut);
      CHECK(read.header.size() == fields);
      CHECK(read.body == body);
    }
  }
}

TEST_CASE("what follows the limits of a header section is dropped", "[mail]") {
  struct Case {
    std::string_view what, message;
    ReadLimits limits;
    std::size_t fields;
    bool over_limit;
  };
  const Case cases[] = {
      {"fields within", "A: 1\nB: 2\n\nx", {.header_fields = 2}, 2, false},
      {"one field too many", "A: 1\nB: 2\nC: 3\n\nx", {.header_fields = 2}, 3, true},
      {"octets within", "A: 1\nB: 2\n\nx", {.header_octets = 12}, 2, false},
      {"one octet too many", "A: 1\nB: 23\n\nx", {.header_octets = 12}, 2, true},
      {"a fold too many", "A: 1\nB:\n 2\n\nx", {.header_octets = 12}, 2, true},
      {"no colon among what is dropped", "A: 1\nB: 2\nC\n\nx", {.header_octets = 7}, 2, true},
      {"nothing is allowed", "A: 1\n\nx", {.header_octets = 0}, 1, true},
  };
  for (const auto& [what, message, limits, fields, over_limit] : cases) {
    DYNAMIC_SECTION(what) {
      const ReadText read = read_text(message, limits);
      CHECK(read.report.over_limit == over_limit);
      CHECK_FALSE(read.report.header_cut);
      CHECK(read.header.size() == fields);
      CHECK(read.body == "x");
    }
  }
}

TEST_CASE("a line longer than a block of the reader is read whole", "[mail]") {
  const std::string value(200'000, 'v');
  const ReadText read = read_text("A:" + value + "\r\n" + value + "\r\n");
  REQUIRE(read.header.size() == 1);
  CHECK(read.header[0].value == value);
  CHECK(read.report.header_cut);
  CHECK(read.body == value + "\r\n");
}

TEST_CASE("a line longer than the limit is judged by its beginning", "[mail]") {
  const ReadLimits limits{.header_octets = 100'000};
  const std::string value(300'000, 'v');

  const ReadText field = read_text("A: 1\nB:" + value + "\n\nx\n", limits);
  CHECK(field.report.over_limit);
  REQUIRE(field.header.size() == 2);
  CHECK(field.header[1].value.size() > limits.header_octets - 10);
  CHECK(field.header[1].value.size() < limits.header_octets + 65'536);
  CHECK(field.body == "x\r\n");

  const ReadText fold = read_text("A: 1\n " + value + "\n\nx\n", limits);
  CHECK(fold.report.over_limit);
  CHECK(fold.header.size() == 1);
  CHECK(fold.body == "x\r\n");

  const ReadText mailbox_file = read_text("From " + value + "\n\nx\n", limits);
  CHECK(mailbox_file.report.header_cut);
  CHECK(mailbox_file.body == "From " + value + "\r\n\r\nx\r\n");

  const ReadText body = read_text("A: 1\n" + value + "\n\nx\n", limits);
  CHECK(body.report.header_cut);
  CHECK_FALSE(body.report.over_limit);
  CHECK(body.body == value + "\r\n\r\nx\r\n");
}

TEST_CASE("it does not matter where the blocks of the reader end", "[mail]") {
  constexpr std::size_t block_octets = 65'536;
  for (std::size_t shift = 0; shift < 16; ++shift) {
    DYNAMIC_SECTION("the first block ends " << shift << " octets into the end of the header") {
      const std::string padding(block_octets - 3 - shift, 'v');
      const std::string message = "A:" + padding + "\r\nB: 2\r\n\r\nx\r\ny\r\n";
      const ReadText read = read_text(message, {.header_octets = padding.size() + 4 + 6});
      CHECK(read.header == HeaderSection{{"A", padding}, {"B", " 2"}});
      CHECK(read.body == "x\r\ny\r\n");
      CHECK_FALSE(read.report.header_cut);
      CHECK_FALSE(read.report.over_limit);
    }
  }
}

}  // namespace
}  // namespace sekisho::mail
