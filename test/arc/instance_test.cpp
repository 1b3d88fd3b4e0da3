#include "arc/instance.hpp"

#include <string>

#include <catch2/catch.hpp>

namespace sekisho::arc {
namespace {

std::optional<std::size_t> position_of(std::string_view value) {
  const auto instance = find_leading_instance(value);
  return instance ? std::optional(instance->position) : std::nullopt;
}

}  // namespace

TEST_CASE("positions are from 1 to 50 (RFC 8617 §3.9, §4.2.1)", "[arc]") {
  CHECK(parse_position("1") == 1);
  CHECK(parse_position("01") == 1);
  CHECK(parse_position("50") == 50);
  for (const char* text : {"", "0", "00", "51", "99", "100", "001", "a", "-1", "+1", " 1", "1 "}) {
    CAPTURE(text);
    CHECK(parse_position(text) == std::nullopt);
  }
}

TEST_CASE("a value begins with its instance (RFC 8617 §3.9, §4.1.1)", "[arc]") {
  struct Case {
    std::string value;
    std::optional<std::size_t> instance;
  };
  const Case cases[] = {
      {" i=1; mx.example; none", 1},
      {"i=2;", 2},
      {"\r\n\ti = 12 \r\n ; x", 12},
      {" (a;b) i (c) = (d (e) \\) ) 3 (f);", 3},
      {"() i=4 ();", 4},
      {"((;)) (\\(;) i=5 (\\));", 5},
      {" i=1 mx.example; none", std::nullopt},
      {" mx.example; i=1; none", std::nullopt},
      {" i=1", std::nullopt},
      {" I=1;", std::nullopt},
      {" i=;", std::nullopt},
      {" i=0;", std::nullopt},
      {" i=51;", std::nullopt},
      {" i=1 2;", std::nullopt},
      {" i=1(c)2;", std::nullopt},
      {" ii=1;", std::nullopt},
      {" (i=1;", std::nullopt},
      {" )i=1;", std::nullopt},
      {"", std::nullopt},
      {";", std::nullopt},
      {"x", std::nullopt},
      {std::string(100'000, '('), std::nullopt},
  };
  for (const auto& [value, instance] : cases) {
    DYNAMIC_SECTION(value.substr(0, 40)) {
      CHECK(position_of(value) == instance);
    }
  }
}

TEST_CASE("what follows the instance is kept as it stands", "[arc]") {
  CHECK(find_leading_instance(" i=1; mx.example; none")->rest == " mx.example; none");
  CHECK(find_leading_instance("(;) i=1 (;);")->rest.empty());
}

TEST_CASE("comments around an instance are no part of the tag-list (RFC 8617 §4.1.2, §4.1.3)",
          "[arc]") {
  CHECK(as_tag_list(" (a) i (b;) = 2 (c) ; cv=pass") == "i=2; cv=pass");
  CHECK(as_tag_list(" i=2; i=3; cv=pass") == "i=2; i=3; cv=pass");
  CHECK(as_tag_list(" cv=pass; i=2 (c)") == " cv=pass; i=2 (c)");
  CHECK(as_tag_list("x") == "x");
}

}  // namespace sekisho::arc
