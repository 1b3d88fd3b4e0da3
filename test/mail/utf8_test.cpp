#include "mail/utf8.hpp"

#include <string_view>

#include <catch2/catch.hpp>

namespace sekisho::mail {
namespace {

TEST_CASE("UTF-8 is checked as RFC 3629 §4 has it", "[mail]") {
  struct Case {
    std::string_view what, text;
    bool is_valid;
  };
  const Case cases[] = {
      {"empty", "", true},
      {"ASCII", "plain", true},
      {"two octets", "\xc2\x80 \xdf\xbf", true},
      {"three octets", "\xe0\xa0\x80 \xed\x9f\xbf \xee\x80\x80 \xef\xbf\xbf", true},
      {"four octets", "\xf0\x90\x80\x80 \xf4\x8f\xbf\xbf", true},
      {"overlong, two octets", "\xc1\xbf", false},
      {"overlong, three octets", "\xe0\x9f\xbf", false},
      {"overlong, four octets", "\xf0\x8f\xbf\xbf", false},
      {"surrogate", "\xed\xa0\x80", false},
      {"above U+10FFFF", "\xf4\x90\x80\x80", false},
      {"leading octet that does not exist", "\xf8\x88\x80\x80\x80", false},
      {"continuation alone", "a\x80", false},
      {"cut after one octet", "a\xe2", false},
      {"cut after two octets", "a\xe2\x82", false},
      {"cut after three octets", "\xf0\x90\x80", false},
      {"third octet is none", "\xe2\x82z", false},
      {"0xff", "From\xff", false},
  };
  for (const auto& [what, text, is_valid] : cases) {
    DYNAMIC_SECTION(what) {
      CHECK(is_valid_utf8(text) == is_valid);
    }
  }
}

}  // namespace
}  // namespace sekisho::mail
