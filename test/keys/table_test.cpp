#include "keys/table.hpp"

#include "keys/key_folder.hpp"

#include <utility>

#include <catch2/catch.hpp>

namespace sekisho::keys {
namespace {

std::string shown(const TableLines& table) {
  std::string text;
  for (const TableLine& line : table.lines) {
    text += std::to_string(line.number) + "[" + line.key + "|" + line.value + "]";
  }
  for (const std::string& problem : table.problems) {
    text += "(" + problem + ")";
  }
  return text;
}

// opendkim(8), "DATA SETS", a
TEST_CASE("a table's file has a key and a value a line", "[keys]") {
  const std::pair<std::string, std::string> cases[] = {
      {"", ""},
      {"a b\n", "1[a|b]"},
      {"a b", "1[a|b]"},
      {"a b\r\nc d\r\n", "1[a|b]2[c|d]"},
      {"\ta\t \tb c \t\n", "1[a|b c]"},
      {"\n  \n# note\n a b # note\nc d#e\n", "4[a|b]5[c|d]"},
      {"a\nb c\n", "2[b|c](1: a key and a value are wanted)"},
      {std::string("a \0b\n", 5), "(1: a control character)"},
      {"a b\x1b[1m\n", "(1: a control character)"},
      {"a " + std::string(20'000, 'x') + "\nb c\n", "2[b|c](1: the line is too long)"},
      {"# " + std::string(20'000, 'x') + "\nb c\n", "2[b|c]"},
  };
  for (const auto& [text, expected] : cases) {
    DYNAMIC_SECTION(text.substr(0, 40) << " " << text.size()) {
      CHECK(shown(parse_table_file(text)) == expected);
    }
  }
}

TEST_CASE("a table has a limit of lines", "[keys]") {
  const TableLines table = parse_table_file(std::string(max_table_lines, '\n') + "a b\nc d\n");
  CHECK(shown(table) == "(500001: too many lines; the rest is not read)");
}

// opendkim(8), "DATA SETS", m
TEST_CASE("a list has elements key=value", "[keys]") {
  const std::pair<std::string, std::string> cases[] = {
      {"a=b", "1[a|b]"},
      {"a=b, c = d ,", "1[a|b]2[c|d]"},
      {"a=b==", "1[a|b==]"},
      {"a", "(1: a key and a value are wanted)"},
  };
  for (const auto& [text, expected] : cases) {
    DYNAMIC_SECTION(text) {
      CHECK(shown(parse_table_list(text)) == expected);
    }
  }
}

TEST_CASE("an option names a table by its kind", "[keys]") {
  const KeyFolder folder;
  const std::string path = folder.write("table", "a b\nc\n");
  struct Case {
    std::string specification;
    TableKind kind;
    std::string place;
  };
  const Case cases[] = {
      {"file:" + path, TableKind::exact, path + ":1: "},
      {"refile:" + path, TableKind::patterns, path + ":1: "},
      {path, TableKind::exact, path + ":1: "},
      {"csl:a=b,c", TableKind::exact, "csl:1: "},
      {"a=b,c", TableKind::exact, "csl:1: "},
  };
  for (const auto& [specification, kind, place] : cases) {
    DYNAMIC_SECTION(specification.substr(0, 7)) {
      std::vector<std::string> problems;
      const auto table = Table::read(specification, problems);
      REQUIRE(table);
      CHECK(table->kind() == kind);
      REQUIRE(table->lines().size() == 1);
      CHECK(table->lines().front().value == "b");
      CHECK(table->place(1) == place);
      CHECK(problems ==
            std::vector{table->place(2).substr(0, place.size()) + "a key and a value are wanted"});
    }
  }
}

TEST_CASE("databases are not read, and said so", "[keys]") {
  for (const std::string specification : {"db:/x", "dsn:mysql://x", "ldap://x", "/etc/keys.db"}) {
    DYNAMIC_SECTION(specification) {
      std::vector<std::string> problems;
      CHECK(Table::read(specification, problems).error() ==
            specification + ": only file:, refile: and csl: tables can be read");
    }
  }
}

}  // namespace
}  // namespace sekisho::keys
