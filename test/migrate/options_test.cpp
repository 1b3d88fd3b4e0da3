// The tables: every option of the old programs' pages is known, and what it becomes there is.
#include "config/load.hpp"
#include "migrate/conversion.hpp"

#include <algorithm>
#include <fstream>
#include <set>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::migrate {

namespace {

std::set<std::string> our_options() {
  std::set<std::string> names;
  for (const config::OptionDescription& option : config::describe_options()) {
    names.insert(option.name);
  }
  return names;
}

const Program& program_called(const std::string& name) {
  if (name == "opendkim") {
    return opendkim();
  }
  if (name == "opendmarc") {
    return opendmarc();
  }
  return name == "openarc" ? openarc() : policyd_spf();
}

}  // namespace

TEST_CASE("every option of the manual pages is in the tables") {
  const std::string name = GENERATE("opendkim", "opendmarc", "openarc", "policyd-spf");
  std::ifstream file(SEKISHO_TEST_DATA "/migrate/" + name + ".options");
  std::string option;
  std::size_t count = 0;
  while (std::getline(file, option)) {
    CAPTURE(name, option);
    CHECK((option == "Include" || find_row(program_called(name), option) != nullptr));
    ++count;
  }
  CHECK(count > 30);
}

TEST_CASE("the tables are whole") {
  const Program* const program = GENERATE(&opendkim(), &opendmarc(), &openarc(), &policyd_spf());
  std::vector<Row> rows(program->rows.begin(), program->rows.end());
  rows.insert(rows.end(), program->shared_rows.begin(), program->shared_rows.end());
  const std::set<std::string> ours = our_options();
  std::set<std::string_view> seen;
  for (const Row& row : rows) {
    CAPTURE(program->name, row.option);
    CHECK(seen.insert(row.option).second);
    CHECK((row.convert != nullptr) == (row.fate == Fate::converted));
    CHECK((row.fate == Fate::converted || !row.text.empty()));
    CHECK((row.harmless.empty() || row.fate == Fate::lost));
    const std::string text(row.text);
    for (std::size_t begin = 0; row.fate == Fate::converted && begin < text.size();) {
      const std::size_t end = std::min(text.find(", ", begin), text.size());
      CAPTURE(text.substr(begin, end - begin));
      CHECK(ours.contains(text.substr(begin, end - begin)));
      begin = end + 2;
    }
  }
}

TEST_CASE("the defaults of the old programs are values that we take") {
  const Program* const program = GENERATE(&opendkim(), &opendmarc(), &policyd_spf());
  Draft draft;
  for (const Default& one : program->defaults) {
    draft.set(std::string(one.option), std::string(one.value), {"x", "", {"f", 1}});
  }
  CHECK(draft.notes().empty());
  CHECK(draft.lines().size() == program->defaults.size());
}

}  // namespace sekisho::migrate
