#include "mail/header_field.hpp"

#include <string>
#include <string_view>

#include <catch2/catch.hpp>

namespace sekisho::mail {
namespace {

TEST_CASE("a field's name is compared without case and without blanks at its end", "[mail]") {
  struct Case {
    std::string_view name;
    bool is_from;
  };
  const Case cases[] = {
      {"From", true},    {"fROM", true},     {"From ", true},  {"From\t \t", true},
      {"From x", false}, {" From", false},   {"Fro", false},   {"From\r", false},
      {"", false},       {"From-To", false}, {"From:", false}, {"Resent-From", false},
  };
  for (const auto& [name, is_from] : cases) {
    DYNAMIC_SECTION('"' << name << '"') {
      CHECK(is_named(HeaderField{std::string(name), " x"}, "From") == is_from);
    }
  }
}

TEST_CASE("fields of one name are found from the top", "[mail]") {
  const HeaderSection header = {{"To", " a"}, {"From", " b"}, {"from ", " c"}, {"Sender", " d"}};
  const auto found = fields_named(header, "FROM");
  REQUIRE(found.size() == 2);
  CHECK(found[0]->value == " b");
  CHECK(found[1]->value == " c");
  CHECK(fields_named(header, "Cc").empty());
}

TEST_CASE("unfolding removes the line ends before blanks and no others", "[mail]") {
  struct Case {
    std::string_view what, value, expected;
  };
  const Case cases[] = {
      {"empty", "", ""},
      {"no fold", " a b", " a b"},
      {"CRLF", " a\r\n b\r\n\tc", " a b\tc"},
      {"LF", " a\n b", " a b"},
      {"a line of blanks (RFC 5322 §4.2)", " a\r\n \r\n b", " a  b"},
      {"a fold at once", "\r\n a", " a"},
      {"CR alone", " a\r b", " a\r b"},
      {"CR before CRLF", " a\r\r\n b", " a\r b"},
      {"line end without a blank", " a\r\nb\n", " a\r\nb\n"},
  };
  for (const auto& [what, value, expected] : cases) {
    DYNAMIC_SECTION(what) {
      CHECK(unfold(value) == expected);
    }
  }
}

TEST_CASE("folds as libmilter gives them become CRLF again", "[mail]") {
  struct Case {
    std::string_view what, value, expected;
  };
  const Case cases[] = {
      {"empty", "", ""},
      {"no fold", " a", " a"},
      {"LF", " a\n b\n\tc", " a\r\n b\r\n\tc"},
      {"CRLF stays", " a\r\n b", " a\r\n b"},
      {"LF first", "\n a", "\r\n a"},
      {"two LF", " a\n\n b", " a\r\n\r\n b"},
      {"CR alone stays", " a\r b", " a\r b"},
  };
  for (const auto& [what, value, expected] : cases) {
    DYNAMIC_SECTION(what) {
      CHECK(restore_folds(value) == expected);
    }
  }
}

}  // namespace
}  // namespace sekisho::mail
