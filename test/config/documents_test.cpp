// The sample file and the man page against the declaration of the options: names and defaults.
#include "config/load.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <regex>

#include <catch2/catch.hpp>

using namespace sekisho;

namespace {

std::string contents(const std::string& path) {
  std::ifstream file(SEKISHO_SOURCE_DIR "/" + path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

struct Name {
  std::string table;
  std::string key;
};

Name split(const std::string& name) {
  const std::size_t dot = name.find('.');
  return dot == std::string::npos ? Name{"", name}
                                  : Name{name.substr(0, dot), name.substr(dot + 1)};
}

/// Tables that may stand several times: the sample shows one of each, in comments, with values of
/// an example.
bool is_list(const std::string& table) {
  return table == "sign" || table == "rule";
}

/// The part of the sample that belongs to a table: up to the next one.
std::string section_of(const std::string& sample, const std::string& table) {
  if (is_list(table)) {
    return sample.substr(sample.find("\n#[[" + table + "]]\n"));
  }
  const std::size_t begin = table.empty() ? 0 : sample.find("\n[" + table + "]\n");
  if (begin == std::string::npos) {
    return {};
  }
  return sample.substr(begin, sample.find("\n[", begin + 1) - begin);
}

/// Quotes as mdoc(7) wants them in the arguments of a macro.
std::string in_mdoc(const std::string& text) {
  return std::regex_replace(text, std::regex("\""), "\\(dq");
}

}  // namespace

TEST_CASE("the sample file has every option with its help and default", "[config]") {
  const std::string sample = contents("etc/sekisho.toml");
  for (const auto& option : config::describe_options()) {
    DYNAMIC_SECTION(option.name) {
      const auto [table, key] = split(option.name);
      const std::string section = section_of(sample, table);
      CHECK_THAT(section, Catch::Contains("\n# " + option.help + "\n"));
      if (option.name == "socket") {  // the one that has to be given
        CHECK_THAT(section, Catch::Contains("\nsocket = "));
      } else if (is_list(table)) {
        CHECK_THAT(section, Catch::Contains("\n#" + key + " = "));
      } else {
        CHECK_THAT(section, Catch::Contains("\n#" + key + " = " + option.default_value + "\n"));
      }
    }
  }
}

TEST_CASE("the sample file is a configuration, with and without its commented defaults",
          "[config]") {
  const std::string sample = contents("etc/sekisho.toml");
  CHECK(config::parse(sample, "sample").has_value());
  const auto all = config::parse(
      std::regex_replace(sample, std::regex("\n#([a-z_]+ = |\\[)"), "\n$1"), "uncommented sample");
  REQUIRE(all.has_value());  // no option in it that is not declared
}

TEST_CASE("the smallest configuration has three lines, and the man page and README show it",
          "[config]") {
  const std::string smallest = contents("etc/sekisho.minimal.toml");
  CHECK(std::ranges::count(smallest, '\n') == 3);
  CHECK(config::parse(smallest, "smallest").has_value());
  CHECK_THAT(contents("man/sekisho.toml.5"),
             Catch::Contains(".Bd -literal -offset indent\n" + smallest + ".Ed\n"));
  CHECK_THAT(contents("README.md"), Catch::Contains("```toml\n" + smallest + "```\n"));
}

TEST_CASE("the man page has every option with its type and default", "[config]") {
  const std::string page = contents("man/sekisho.toml.5");
  for (const auto& option : config::describe_options()) {
    DYNAMIC_SECTION(option.name) {
      const bool words = option.type.starts_with("one of ");
      CHECK_THAT(page, Catch::Contains("\n.It Ic " + option.name + " No = Li " +
                                       in_mdoc(option.default_value) +
                                       (words ? "\n" : " Pq " + option.type + "\n")));
      const std::regex word("\"([a-z0-9_]+)\"");
      for (std::sregex_iterator it(option.type.begin(), option.type.end(), word), end; it != end;
           ++it) {
        CHECK_THAT(page, Catch::Contains("Li \\(dq" + (*it)[1].str() + "\\(dq"));
      }
    }
  }
}
