#include "migrate/statement.hpp"

#include "migrate/sources.hpp"

#include <catch2/catch.hpp>

namespace sekisho::migrate {

namespace {

std::string joined(const Problems& problems) {
  std::string text;
  for (const std::string& problem : problems) {
    text += problem + "\n";
  }
  return text;
}

}  // namespace

TEST_CASE("a line is a name and a value, and a hash begins a comment") {
  const auto words = parse_statements("# all\n\n Mode\tsv  # both\r\nDomain a.example, b.example\n",
                                      "f", Notation::words);
  REQUIRE(words);
  CHECK(*words == std::vector<Statement>{{"Mode", "sv", {"f", 3}},
                                         {"Domain", "a.example, b.example", {"f", 4}}});
  const auto assigned = parse_statements("TestOnly=0\nA = b = c", "f", Notation::assignments);
  REQUIRE(assigned);
  CHECK(*assigned == std::vector<Statement>{{"TestOnly", "0", {"f", 1}}, {"A", "b = c", {"f", 2}}});
}

TEST_CASE("what is no line of a configuration is refused with its place") {
  struct Case {
    std::string name;
    std::string text;
    Notation notation;
    std::string problem;
  };
  const std::string long_line(max_line_octets + 1, 'x');
  const Case cases[] = {
      {"no value", "Mode sv\nDomain\n", Notation::words, "f:2: Domain: it has no value\n"},
      {"a comment for a value", "Domain # none\n", Notation::words,
       "f:1: Domain: it has no value\n"},
      {"no name", "= 1\n", Notation::assignments, "f:1: an option has no name\n"},
      {"no sign", "TestOnly 1\n", Notation::assignments, "f:1: TestOnly 1: it has no value\n"},
      {"control", "Mode s\x01v\n", Notation::words, "f:1: a control character\n"},
      {"NUL", std::string("Mode s\0v", 8), Notation::words, "f:1: a control character\n"},
      {"too long", long_line, Notation::words, "f:1: the line is too long\n"},
      {"two of them", "A\nB\n", Notation::words,
       "f:1: A: it has no value\nf:2: B: it has no value\n"},
      {"not ASCII", "\xC3\xA4\n", Notation::words, "f:1: ??: it has no value\n"},
  };
  for (const Case& one : cases) {
    DYNAMIC_SECTION(one.name) {
      const auto parsed = parse_statements(one.text, "f", one.notation);
      REQUIRE_FALSE(parsed);
      CHECK(joined(parsed.error()) == one.problem);
    }
  }
}

TEST_CASE("the number of options is bounded") {
  std::string text;
  for (std::size_t i = 0; i <= max_statements; ++i) {
    text += "A b\n";
  }
  const auto parsed = parse_statements(text, "f", Notation::words);
  REQUIRE_FALSE(parsed);
  CHECK(joined(parsed.error()) == "f:10001: too many options\n");
}

TEST_CASE("included files stand where they are named") {
  const Files files{{"a", "Mode s\ninclude b\nUMask 7"}, {"b", "Domain x.example\n"}};
  const auto read = read_statements("a", Notation::words, reader_of(files));
  REQUIRE(read);
  CHECK(*read == std::vector<Statement>{{"Mode", "s", {"a", 1}},
                                        {"Domain", "x.example", {"b", 1}},
                                        {"UMask", "7", {"a", 3}}});
}

TEST_CASE("including has bounds") {
  SECTION("depth, as opendkim.conf(5) has it") {
    const auto read = read_statements("a", Notation::words, reader_of({{"a", "Include a\n"}}));
    REQUIRE_FALSE(read);
    CHECK(joined(read.error()) == "a:1: files are included too deeply\n");
  }
  SECTION("number, where each includes itself many times") {
    const auto read = read_statements(
        "a", Notation::words, reader_of({{"a", "Include a\nInclude a\nInclude a\nInclude a\n"}}));
    REQUIRE_FALSE(read);
    CHECK(joined(read.error()).contains("too many files are included"));
  }
  SECTION("a file that is not there") {
    const auto read = read_statements("a", Notation::words, reader_of({{"a", "\nInclude b\n"}}));
    REQUIRE_FALSE(read);
    CHECK(joined(read.error()) == "a:2: b: No such file or directory\n");
  }
}

TEST_CASE("variables of a shell are read as far as no shell is needed") {
  struct Case {
    std::string text;
    std::string value;  // of the last
  };
  const Case cases[] = {
      {"SOCKET=inet:8891@localhost", "inet:8891@localhost"},
      {"RUNDIR=/run/x\nSOCKET=local:$RUNDIR/x.sock", "local:/run/x/x.sock"},
      {"R=/run\nSOCKET=\"local:${R}x\" # where", "local:/runx"},
      {"SOCKET='local:$R'", "local:$R"},
      {"SOCKET=local:$NOWHERE/x", "local:/x"},
  };
  for (const Case& one : cases) {
    DYNAMIC_SECTION(one.text) {
      const auto variables = parse_shell_variables(one.text, "f");
      REQUIRE(variables);
      CHECK(variables->back().value == one.value);
    }
  }
}

TEST_CASE("what only a shell understands is refused") {
  const char* text = GENERATE("SOCKET=$(hostname)", "SOCKET=`hostname`", "SOCKET=a b", "SOCKET=\"a",
                              "if true", "SOCKET=${X:-y}", "A B=c", "SOCKET=a\\b", "SOCKET=$");
  CAPTURE(text);
  const auto variables = parse_shell_variables(text, "f");
  REQUIRE_FALSE(variables);
  CHECK(variables.error().front().starts_with("f:1: "));
}

TEST_CASE("the value of a variable does not grow without bound") {
  std::string text = "A=0123456789abcdef\n";
  for (int i = 0; i < 20; ++i) {
    text += "A=$A$A\n";
  }
  const auto variables = parse_shell_variables(text, "f");
  REQUIRE_FALSE(variables);
  CHECK(variables.error().front() == "f:12: A: the value is too long");
}

}  // namespace sekisho::migrate
