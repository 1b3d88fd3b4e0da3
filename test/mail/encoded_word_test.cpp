#include "mail/encoded_word.hpp"

#include <string>
#include <string_view>

#include <catch2/catch.hpp>

namespace sekisho::mail {
namespace {

struct Case {
  std::string_view what, text;
};

TEST_CASE("an at sign that an encoded word shows is found", "[mail]") {
  const Case cases[] = {
      {"Q, in hexadecimal", "=?utf-8?Q?a=40b?="},
      {"Q, as it is", "=?utf-8?Q?a@b?="},
      {"Q with small letters", "=?utf-8?q?a=40b?="},
      {"Q, with hexadecimal in small letters", "=?utf-8?q?=ef=bc=a0?="},
      {"Q with blanks inside", "=?utf-8?Q?a =40 b?="},
      {"B", "=?utf-8?B?YUBi?="},
      {"B, the at sign as first octet", "=?utf-8?B?QGI=?="},
      {"B, the at sign as third octet", "=?utf-8?B?YWFA?="},
      {"B without padding", "=?utf-8?b?YUA?="},
      {"B with a fold inside", "=?utf-8?B?YU\r\n Bi?="},
      {"with a language (RFC 2231 §5)", "=?utf-8*en?Q?a=40b?="},
      {"the second word", "=?utf-8?Q?a?= =?utf-8?Q?=40?="},
      {"inside other text", "x =?us-ascii?Q?=40?= <"},
      {"full-width at sign", "=?utf-8?Q?=EF=BC=A0?="},
      {"small at sign", "=?utf-8?B?77mr?="},
      {"an encoded word inside", "=?utf-8?B?PT91dGYtOD9RP2E9NDBiPz0=?="},
      {"ISO-2022-JP in ASCII again", "=?iso-2022-jp?B?GyRCQEAbKEJA?="},
  };
  for (const auto& [what, text] : cases) {
    DYNAMIC_SECTION(what) {
      CHECK(may_hide_at_sign(text));
    }
  }
}

TEST_CASE("an encoded word that cannot be decoded for sure may hide an at sign", "[mail]") {
  const Case cases[] = {
      {"UTF-7", "=?utf-7?Q?a+AEA-b?="},
      {"UTF-16", "=?utf-16?B?AGEAQABi?="},
      {"EBCDIC", "=?ibm037?Q?=7C?="},
      {"HZ", "=?hz-gb-2312?Q?a?="},
      {"no charset that is known", "=?x-unknown?Q?a?="},
      {"no encoding that is known", "=?utf-8?X?a?="},
      {"not closed", "=?utf-8?Q?a"},
      {"closed by a part of the mark", "=?utf-8?Q?a? ="},
      {"B with octets that are none", "=?utf-8?B?Y!UBi?="},
      {"B with padding inside", "=?utf-8?B?YQ==YQ==?="},
      {"B with a digit too many", "=?utf-8?B?YWJjY?="},
  };
  for (const auto& [what, text] : cases) {
    DYNAMIC_SECTION(what) {
      CHECK(may_hide_at_sign(text));
    }
  }
}

TEST_CASE("other encoded words hide no at sign", "[mail]") {
  const Case cases[] = {
      {"nothing", ""},
      {"text", "a@b, c"},
      {"Q", "=?UTF-8?Q?J=C3=BCrgen_M?="},
      {"Q with a comma and blanks", "=?utf-8?Q?Shop, News?="},
      {"Q with an equals sign alone", "=?utf-8?Q?a=?="},
      {"B", "=?utf-8?B?SsO8cmdlbg==?="},
      {"B without padding", "=?utf-8?B?SsO8cmdlbg?="},
      {"empty",
       "=?utf-8?Q?"
       "?="},
      {"Latin-1", "=?iso-8859-1?Q?J=FCrgen?="},
      {"windows-1252", "=?Windows-1252?Q?J=FCrgen?="},
      {"KOI8-R", "=?koi8-r?B?8NLJ18XU?="},
      {"ISO-2022-JP, two octets of which one is 0x40", "=?ISO-2022-JP?B?GyRCQEAbKEI=?="},
      {"no encoded word", "a =? b ?= c"},
      {"no encoding", "=?what?"},
      {"no charset",
       "=?"
       "?Q?=40?="},
      {"question marks", "=?utf-8?really?="},
  };
  for (const auto& [what, text] : cases) {
    DYNAMIC_SECTION(what) {
      CHECK_FALSE(may_hide_at_sign(text));
    }
  }
}

TEST_CASE("hostile sizes of encoded words are read in one go", "[mail]") {
  std::string open;
  std::string closed;
  for (int i = 0; i < 100'000; ++i) {
    open += "=?";
    closed += "=?utf-8?Q?a?=";
  }
  CHECK_FALSE(may_hide_at_sign(open));
  CHECK_FALSE(may_hide_at_sign(closed));
  CHECK(may_hide_at_sign(closed + "=?utf-8?Q?=40?="));
}

TEST_CASE("lookalikes of the at sign are found in any octets", "[mail]") {
  CHECK(has_at_sign_lookalike("a＠b"));
  CHECK(has_at_sign_lookalike("\xff\xef\xb9\xab"));
  CHECK_FALSE(has_at_sign_lookalike("a@b ａ \xef\xbc"));
}

}  // namespace
}  // namespace sekisho::mail
