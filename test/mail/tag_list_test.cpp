#include "mail/tag_list.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::mail {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;
using namespace std::string_view_literals;

std::string list_of(std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) {
    text += 't' + std::to_string(i) + "=x;";
  }
  return text;
}

TEST_CASE("a tag list is read (RFC 6376 §3.2)", "[mail]") {
  struct Case {
    std::string_view what, text;
    Pairs expected;
  };
  const Case cases[] = {
      {"one tag", "v=1", {{"v", "1"}}},
      {"order is kept", "v=1;a=2;B_9=3", {{"v", "1"}, {"a", "2"}, {"B_9", "3"}}},
      {"semicolon at the end", "v=1;", {{"v", "1"}}},
      {"blanks after the last semicolon", "v=1; \r\n\t", {{"v", "1"}}},
      {"blanks around", " v\t= 1 ;\ta =2 ", {{"v", "1"}, {"a", "2"}}},
      {"folds around", "\r\n v\r\n =\r\n 1\r\n ;\r\n\ta=2", {{"v", "1"}, {"a", "2"}}},
      {"white space inside a value stays", "b=ab\r\n cd  e", {{"b", "ab\r\n cd  e"}}},
      {"equals sign inside a value", "bh=abc==;v=1", {{"bh", "abc=="}, {"v", "1"}}},
      {"an empty value is not an omitted tag", "p=; v= ;", {{"p", ""}, {"v", ""}}},
      {"case tells tags apart", "v=1;V=2", {{"v", "1"}, {"V", "2"}}},
      {"UTF-8 in a value (RFC 8616 §4)", "d=bücher.example", {{"d", "bücher.example"}}},
  };
  for (const auto& [what, text, expected] : cases) {
    DYNAMIC_SECTION(what) {
      const auto list = TagList::parse(text);
      REQUIRE(list.has_value());
      Pairs pairs;
      for (const auto& [name, value] : list->tags()) {
        pairs.emplace_back(name, value);
      }
      CHECK(pairs == expected);
    }
  }
}

TEST_CASE("what is no tag list is refused", "[mail]") {
  using enum TagListError;
  struct Case {
    std::string_view what, text;
    TagListError expected;
  };
  const std::string too_long = list_of(TagList::max_tags) + "z=1";
  const std::string one_too_long = list_of(TagList::max_tags + 1);
  const Case cases[] = {
      {"nothing", "", syntax},
      {"blanks alone", " \t", syntax},
      {"semicolon alone", ";", syntax},
      {"no equals sign", "v", syntax},
      {"no name", "=1", syntax},
      {"empty tag inside", "v=1;;a=2", syntax},
      {"empty tag at the end", "v=1;;", syntax},
      {"name with a digit first", "1v=1", syntax},
      {"name with a hyphen", "a-b=1", syntax},
      {"name with a blank inside", "a b=1", syntax},
      {"name with UTF-8", "é=1", syntax},
      {"duplicate", "v=1; a=2; v=1", duplicate_tag},
      {"duplicate with a fold", "v=1;\r\n v =1", duplicate_tag},
      {"espoofer server_a3: NUL", "d=legitimate.com;s=a\0b"sv, bad_character},
      {"control", "v=\x01", bad_character},
      {"DEL", "v=\x7f", bad_character},
      {"bare LF", "v=1;\n a=2", bad_character},
      {"bare CR", "v=1;\r a=2", bad_character},
      {"CRLF that is no fold", "v=1\r\n", bad_character},
      {"CRLF before a character", "v=1;\r\na=2", bad_character},
      {"two CRLF", "v=1;\r\n\r\n a=2", bad_character},
      {"invalid UTF-8", "v=\xff", bad_character},
      {"one tag too many", too_long, too_many_tags},
      {"one tag too many and a semicolon", one_too_long, too_many_tags},
  };
  for (const auto& [what, text, expected] : cases) {
    DYNAMIC_SECTION(what) {
      const auto list = TagList::parse(text);
      REQUIRE_FALSE(list.has_value());
      CHECK(list.error() == expected);
      CHECK_FALSE(format_tag_list_error(list.error()).empty());
    }
  }
}

TEST_CASE("a tag list holds as many tags as its limit", "[mail]") {
  const std::string text = list_of(TagList::max_tags);
  const auto list = TagList::parse(text);
  REQUIRE(list.has_value());
  CHECK(list->tags().size() == TagList::max_tags);
}

TEST_CASE("a tag is found by its name", "[mail]") {
  const auto list = TagList::parse("v=DKIM1; p=");
  REQUIRE(list.has_value());
  CHECK(list->find("v") == "DKIM1");
  CHECK(list->find("p") == "");
  CHECK(list->find("k") == std::nullopt);
  CHECK(list->find("V") == std::nullopt);
}

TEST_CASE("empty tags are stepped over where the caller says so", "[mail]") {
  struct Case {
    std::string_view text;
    std::size_t tags;
  };
  const Case cases[] = {{"v=1;;a=2", 2}, {";v=1", 1}, {"v=1;; ;\t;", 1}, {";", 0}, {"", 0}};
  for (const auto& [text, tags] : cases) {
    DYNAMIC_SECTION('"' << text << '"') {
      const auto list = TagList::parse(text, EmptyTags::skipped);
      REQUIRE(list.has_value());
      CHECK(list->tags().size() == tags);
      CHECK_FALSE(TagList::parse(text).has_value());
    }
  }
  CHECK_FALSE(TagList::parse("v=1;;v=1", EmptyTags::skipped).has_value());
  CHECK_FALSE(TagList::parse("v=1;x;", EmptyTags::skipped).has_value());
}

}  // namespace
}  // namespace sekisho::mail
