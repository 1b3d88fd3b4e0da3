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
           Case{"a@x|b@x", "a@x", true},
           Case{"a@x|b@x", "b@x", true},
           Case{"(a|)b@x", "b@x", true},
           Case{"[ab]", std::string("a\0b", 3), false},
       }) {
    check(one);
  }
}

// opendkim puts `^` before the first alternative and `$` behind the last, and signs for these.
TEST_CASE("an alternative of a pattern matches no stranger's domain", "[keys]") {
  for (const Case& one : {
           Case{"a@example.org|b@example.org", "a@example.org.evil.test", false},
           Case{"a@example.org|b@example.org", "ceo-b@example.org", false},
           Case{"a|z", "alice@x", false},
       }) {
    check(one);
  }
}

TEST_CASE("a brace of a local part is one (RFC 5322 §3.2.3)", "[keys]") {
  check({"{x}@example.org", "{x}@example.org", true});
  check({"{x}*@example.org", "{x}y@example.org", true});
}

// With regcomp(3), the first took 1.4 GB to compile, and each of the second more with every author.
TEST_CASE("no pattern takes more than a fixed amount of memory", "[keys]") {
  std::string groups;
  for (int i = 0; i < 240; ++i) {
    groups += "(*)?";
  }
  const auto pattern = Pattern::parse(groups + "@example.org");
  if (pattern) {
    CHECK(pattern->matches("a@example.org"));
    CHECK_FALSE(pattern->matches("a@example.net"));
  }
  std::string states = "*a";
  for (int i = 0; i < 18; ++i) {
    states += "[ab]";
  }
  const auto many = Pattern::parse(states + "@x.org");
  REQUIRE(many);
  std::string author(900, 'b');
  for (std::size_t i = 0; i < 500; ++i) {
    author[(i * 7) % author.size()] ^= 3;  // a to b, b to a
    CHECK(many->matches(author + "@x.org") == (author[author.size() - 19] == 'a'));
  }
}

TEST_CASE("what is no pattern", "[keys]") {
  for (const char* pattern : {"[a@x", "(a@x", "a)(@x", "a{2}@x", "a\\.b@x", "(a)\\1@x", "{a}?@x"}) {
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
