#include "mail/idna.hpp"

#include "mail/letter_case.hpp"

#include <optional>
#include <string>

#include <catch2/catch.hpp>

namespace sekisho::mail {
namespace {

using Label = std::optional<std::string>;

TEST_CASE("capital letters have small ones, and nothing else changes", "[mail]") {
  CHECK(to_small_letters("AzÀÖØÞßÿ") == "azàöøþßÿ");
  CHECK(to_small_letters("×÷") == "×÷");
  CHECK(to_small_letters("ĀāĶķĹĺŇňŊŋŶŷŹźŽž") == "āāķķĺĺňňŋŋŷŷźźžž");
  CHECK(to_small_letters("ȘșȚț") == "șșțț");
  CHECK(to_small_letters("ΆΈΊΌΎΏΑΡΣΫ") == "άέίόύώαρσϋ");
  CHECK(to_small_letters("ЀЏАЯѠҊӀӁӐԮ") == "ѐџаяѡҋӏӂӑԯ");
  CHECK(to_small_letters("ԱՖ") == "աֆ");
  CHECK(to_small_letters("ẠẼỹ") == "ạẽỹ");
  // not one small letter of the same alphabet
  CHECK(to_small_letters("ẞİſµªＡ\u212a") == "ẞİſµªＡ\u212a");
  CHECK(to_small_letters("\xc3") == "\xc3");
  CHECK(to_small_letters("\xe1\xba") == "\xe1\xba");
  CHECK(to_small_letters("\xff\xc3(A") == "\xff\xc3(a");
  CHECK(to_small_letters("\U0001f4a9") == "\U0001f4a9");
}

TEST_CASE("a label is mapped as a reader may do it", "[mail]") {
  CHECK(map_label("ｒｅｃｅｉｖｅｒ") == "receiver");
  CHECK(map_label("re\u00adceiver") == "receiver");
  CHECK(map_label("STRAẞE") == "strasse");
  CHECK(map_label("bücher") == "xn--bcher-kva");
  CHECK(map_label("\xff") == Label());
  CHECK(map_label(std::string("b\u00fc\0x", 5)) == Label());
}

TEST_CASE("a U-label and its A-label belong together (RFC 5891 §5.4)", "[mail]") {
  CHECK(to_a_label("BÜCHER") == "xn--bcher-kva");
  CHECK(to_a_label("ｒｅｃｅｉｖｅｒ") == Label());
  CHECK(to_a_label("example") == Label());
  CHECK(to_u_label("xn--bcher-kva") == "bücher");
  CHECK(to_u_label("xn--ls8h") == Label());
  CHECK(to_u_label("xn--a") == Label());
  CHECK(has_a_label_prefix("XN--a"));
  CHECK_FALSE(has_a_label_prefix("xn-"));
}

}  // namespace
}  // namespace sekisho::mail
