// Texts as libmilter and the MTAs want them.
#include "milter/session/apply.hpp"

#include <catch2/catch.hpp>

using namespace sekisho::milter;

TEST_CASE("the text of a reply is one printable line without formats", "[milter]") {
  CHECK(reply_text("100% sure") == "100%% sure");  // libmilter takes % for a format
  CHECK(reply_text("a\r\nb\tc\x7f\xe9") == "a??b?c??");
  CHECK(reply_text(std::string(2'000, 'x')).size() == 480);
}

TEST_CASE("the reason of a quarantine is one printable line, and no format", "[milter]") {
  CHECK(printable_line("100% sure") == "100% sure");
  CHECK(printable_line("a\r\nb\tc\x7f\xe9") == "a??b?c??");
  CHECK(printable_line(std::string(2'000, 'x')).size() == 480);
}

TEST_CASE("inserted values have bare LF at the folds", "[milter]") {
  CHECK(inserted_value(" a;\r\n\tb", {}) == " a;\n\tb");
}

TEST_CASE("the leading blank is left to MTAs that add it", "[milter]") {
  CHECK(inserted_value(" a", {.leading_blank = true}) == " a");
  CHECK(inserted_value(" a", {.leading_blank = false}) == "a");
  CHECK(inserted_value("a", {.leading_blank = false}) == "a");
}

TEST_CASE("what an MTA does not take whole is not added, nor what is above it", "[milter]") {
  using Fields = std::vector<sekisho::mail::HeaderField>;
  const std::string name = "X";  // and a colon
  const sekisho::mail::HeaderField small{name, " a"};
  const sekisho::mail::HeaderField full{name, std::string(max_inserted_octets - 2, 'a')};
  const sekisho::mail::HeaderField large{name, std::string(max_inserted_octets - 1, 'a')};
  CHECK(count_insertable({}) == 0);
  CHECK(count_insertable(Fields{small, full, small}) == 3);
  CHECK(count_insertable(Fields{small, large, small}) == 1);
  CHECK(count_insertable(Fields{large}) == 0);
}
