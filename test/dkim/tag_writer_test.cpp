#include "dkim/tag_writer.hpp"

#include "mail/tag_list.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::dkim {
namespace {

const std::string field_name = "DKIM-Signature";

// The widest line of the field, with a tab as 8 columns.
std::size_t columns(const TagWriter& tags) {
  std::size_t widest = 0;
  std::size_t column = field_name.size() + 1;
  for (const char c : tags.text()) {
    column = c == '\n' ? 0 : column + (c == '\t' ? 8 : 1);
    widest = std::max(widest, c == '\r' ? 0 : column);
  }
  return widest;
}

}  // namespace

TEST_CASE("tag writer: tags on lines of at most 77 columns", "[dkim]") {
  TagWriter tags(field_name);
  tags.add("v", "1");
  tags.add("d", "example.org");
  tags.add("t", 1'700'000'000);
  tags.add("bh", std::string(44, 'A'));
  tags.begin_signature();
  CHECK(tags.text() ==
        " v=1; d=example.org; t=1700000000;\r\n\tbh=" + std::string(44, 'A') + ";\r\n\tb=");
  tags.end_signature(std::vector<std::uint8_t>(100));
  CHECK(
      tags.text().ends_with("b=" + std::string(67, 'A') + "\r\n\t" + std::string(67, 'A') + "=="));
  CHECK(columns(tags) == 77);
}

TEST_CASE("tag writer: every length of a tag stays within its line", "[dkim]") {
  for (std::size_t size = 1; size < 66; ++size) {
    TagWriter tags(field_name);
    tags.add("v", "1");
    tags.add("d", std::string(size, 'd'));
    tags.add("i", std::string(66 - size, 'i'));
    tags.begin_signature();
    tags.end_signature(std::vector<std::uint8_t>(size));
    CAPTURE(tags.text());
    CHECK(columns(tags) <= 77);
    CHECK(mail::TagList::parse(tags.text()));
  }
}

TEST_CASE("tag writer: a word that is longer than a line has one of its own", "[dkim]") {
  const std::string domain(200, 'd');
  TagWriter tags(field_name);
  tags.add("d", domain);
  tags.add("s", domain);
  tags.add("t", 1);
  CHECK(tags.text() == " d=" + domain + ";\r\n\ts=" + domain + ";\r\n\tt=1");
}

TEST_CASE("tag writer: lists are folded behind a colon", "[dkim]") {
  TagWriter tags(field_name);
  const std::vector<std::string> names(12, "List-Unsubscribe");
  tags.add_list("h", names);
  CHECK(columns(tags) <= 77);
  CHECK(
      tags.text().starts_with(" h=List-Unsubscribe:List-Unsubscribe:List-Unsubscribe:\r\n\tList-"));
  CHECK(std::ranges::count(tags.text(), ':') == 11);
}

TEST_CASE("tag writer: dkim-quoted-printable (RFC 6376 §2.11)", "[dkim]") {
  const auto [text, expected] = GENERATE(table<std::string, std::string>({
      {"joe@example.org", "joe@example.org"},
      {"a=b;c@example.org", "a=3Db=3Bc@example.org"},
      {"\"a b\"@example.org", "\"a=20b\"@example.org"},
      {"j\xc3\xb6rg@example.org", "j=C3=B6rg@example.org"},
      {"\r\nx: y", "=0D=0Ax:=20y"},
  }));
  CHECK(encode_quoted_printable(text) == expected);
}

}  // namespace sekisho::dkim
