#include "mail/local_part.hpp"

#include <string_view>

#include <catch2/catch.hpp>

namespace sekisho::mail {
namespace {

TEST_CASE("a local part is one atom with dots anywhere, or quoted (RFC 5321 §4.1.2)", "[mail]") {
  for (const std::string_view text : {"a", "a.b+c=d", "try..this.", ".a", ".", "/c=de/s=doe/",
                                      "用户", R"("a b")", R"("")", R"("a\"b")", R"("@")"}) {
    DYNAMIC_SECTION(text) {
      CHECK(is_local_part(text));
    }
  }
  for (const std::string_view text : {"", "a b", "a@b", "a\"b", "\"", "\"a", R"("a"b")", R"("a\")",
                                      "\"a\tb\"", "\"a\\\x01\"", "a\x7f", "a,b", "<a>"}) {
    DYNAMIC_SECTION(text) {
      CHECK_FALSE(is_local_part(text));
    }
  }
}

TEST_CASE("what a local part says", "[mail]") {
  CHECK(without_quotes("a.b") == "a.b");
  CHECK(without_quotes(R"("a\"b\\")") == R"(a"b\)");
  CHECK(without_quotes("\"a\r\n b\"") == "a b");
  CHECK(without_quotes(R"("")").empty());
}

}  // namespace
}  // namespace sekisho::mail
