#include "dkim/canonicalize.hpp"

#include <string>

#include <catch2/catch.hpp>

namespace sekisho::dkim {

TEST_CASE("header canonicalisation (RFC 6376 §3.4.1, §3.4.2)", "[dkim]") {
  struct Case {
    std::string_view name;
    mail::HeaderField field;
    std::string simple;
    std::string relaxed;
  };
  const Case cases[] = {
      {"RFC 6376 §3.4.5, first field", {"A", " X"}, "A: X\r\n", "a:X\r\n"},
      {"RFC 6376 §3.4.5, second field",
       {"B ", " Y\t\r\n\tZ  "},
       "B : Y\t\r\n\tZ  \r\n",
       "b:Y Z\r\n"},
      {"the name alone is lowered", {"SUBJect", " AbC"}, "SUBJect: AbC\r\n", "subject:AbC\r\n"},
      {"empty value", {"Subject", ""}, "Subject:\r\n", "subject:\r\n"},
      {"value of blanks alone", {"Subject", " \t\r\n "}, "Subject: \t\r\n \r\n", "subject:\r\n"},
      {"no blank after the colon", {"a", "b"}, "a:b\r\n", "a:b\r\n"},
      {"fold before the first word", {"To", "\r\n a"}, "To:\r\n a\r\n", "to:a\r\n"},
      {"a fold alone is a blank", {"To", " a\r\n\tb"}, "To: a\r\n\tb\r\n", "to:a b\r\n"},
      {"bare LF and CR are no folds",
       {"To", " a\n b\r c"},
       "To: a\n b\r c\r\n",
       "to:a\n b\r c\r\n"},
      {"a line end without a blank is nothing",
       {"To", " a\r\nb\r\r\nc\r\n"},
       "To: a\r\nb\r\r\nc\r\n\r\n",
       "to:ab\rc\r\n"},
      {"blanks around a line end are one", {"To", "a \r\n b"}, "To:a \r\n b\r\n", "to:a b\r\n"},
      {"a CR at the end is no line end", {"To", "a  b \r"}, "To:a  b \r\r\n", "to:a b \r\r\n"},
      {"octets above 127 stay",
       {"X", " \xc3\x89\xff"},
       "X: \xc3\x89\xff\r\n",
       "x:\xc3\x89\xff\r\n"},
      {"blanks before the colon", {"To \t", " a"}, "To \t: a\r\n", "to:a\r\n"},
  };
  for (const Case& row : cases) {
    DYNAMIC_SECTION(row.name) {
      CHECK(canonicalize_header(row.field, Canonicalization::simple) == row.simple);
      CHECK(canonicalize_header(row.field, Canonicalization::relaxed) == row.relaxed);
    }
  }
}

}  // namespace sekisho::dkim
