#include "keys/pattern.hpp"

#include <string>

#include <catch2/catch.hpp>

namespace sekisho::keys {
namespace {

struct Case {
  std::string pattern;
  std::string text;
  bool matches;
};

void check(const Case& one) {
  DYNAMIC_SECTION(one.pattern << " " << one.text) {
    const auto pattern = Pattern::parse(one.pattern);
    REQUIRE(pattern);
    CHECK(pattern->matches(one.text) == one.matches);
  }
}

// opendkim(8), "DATA SETS", b
TEST_CASE("in a pattern an asterisk stands for any text", "[keys]") {
  for (const Case& one : {
           Case{"*", "", true},
           Case{"", "", true},
           Case{"", "a", false},
           Case{"*@example.org", "alice@example.org", true},
           Case{"*@example.org", "alice@sub.example.org", false},
           Case{"*@example.org", "alice@example.org.net", false},
           Case{"*@example.org", "alice@examplexorg", false},
           Case{"*@*example.org", "a@sub.example.org", true},
           Case{"*@*.example.org", "a@example.org", false},
           Case{"a*c*e@x", "abcde@x", true},
           Case{"a*c*e@x", "aec@x", false},
           Case{"a+b@x", "a+b@x", true},
           Case{"**a**", "xxaxx", true},
           Case{"*aab", "aaaab", true},
           Case{"*ab*cd", "abxabxcdcd", true},
       }) {
    check(one);
  }
}

// What opendkim 2.11 of Debian does.
TEST_CASE("what a regular expression has is special in a pattern", "[keys]") {
  for (const Case& one : {
           Case{"[ab]@x.example", "a@x.example", true},
           Case{"[ab]@x.example", "ab@x.example", false},
           Case{"[ab]@x.example", "a@xyexample", false},
           Case{"[ab]*@x.example", "a.b@x.example", true},
           Case{"[^b]@x", "a@x", true},
           Case{"[^b]@x", "b@x", false},
           Case{"[[:alpha:]]@x", "a@x", true},
           Case{"(a|b)@x", "b@x", true},
           Case{"(a|b)@x", "c@x", false},
           Case{"(a+|b)@x", "a+@x", true},
           Case{"(a+|b)@x", "aa@x", false},
           Case{"a?b@x", "b@x", true},
           Case{"a?b@x", "acb@x", false},
           Case{"^a@x$", "a@x", true},
           Case{"a|z", "alice@x", true},
           Case{"a|z", "bob@z", true},
           Case{"a|z", "bob@x", false},
           Case{"[ab]", std::string("a\0b", 3), false},
       }) {
    check(one);
  }
}

TEST_CASE("what is no pattern", "[keys]") {
  for (const char* pattern : {"[a@x", "(a@x", "a)(@x", "a{2}@x", "a\\.b@x", "(a)\\1@x"}) {
    DYNAMIC_SECTION(pattern) {
      CHECK_FALSE(Pattern::parse(pattern));
    }
  }
  CHECK(Pattern::parse(std::string(max_pattern_octets, 'a')));
  CHECK_FALSE(Pattern::parse(std::string(max_pattern_octets + 1, 'a')));
  CHECK_FALSE(Pattern::parse(std::string(max_pattern_octets, '(')));
  CHECK(Pattern::parse(std::string(max_pattern_octets / 2, '(') +
                       std::string(max_pattern_octets / 2, ')')));
}

}  // namespace
}  // namespace sekisho::keys
