#include "migrate/conversion.hpp"

#include "config/suggestion.hpp"
#include "mail/ascii.hpp"

#include <algorithm>
#include <charconv>
#include <ranges>

namespace sekisho::migrate {

namespace {

using mail::equals_ignoring_case;

// Python's names have one spelling, those of the milters have any; no two differ by case alone.
bool is_same_name(std::string_view a, std::string_view b) {
  return equals_ignoring_case(a, b);
}

bool is_harmless(const Row& row, std::string_view value) {
  return std::ranges::any_of(std::views::split(row.harmless, '|'), [&](const auto& word) {
    return !word.empty() && equals_ignoring_case(std::string_view(word), value);
  });
}

std::string unknown_option(const Program& program, const std::string& name) {
  std::vector<std::string> known;
  for (const std::span<const Row> rows : {program.rows, program.shared_rows}) {
    for (const Row& row : rows) {
      known.emplace_back(row.option);
    }
  }
  std::string text = std::string(program.name) + " has no such option";
  if (const std::string near = config::suggest(name, known); !near.empty()) {
    text += "; did you mean " + near + "?";
  }
  return text;
}

}  // namespace

const Row* find_row(const Program& program, std::string_view option) {
  for (const std::span<const Row> rows : {program.rows, program.shared_rows}) {
    const auto found = std::ranges::find_if(
        rows, [&](const Row& row) { return is_same_name(row.option, option); });
    if (found != rows.end()) {
      return &*found;
    }
  }
  return nullptr;
}

Conversion::Conversion(const Program& program, const std::vector<Statement>& statements,
                       Surroundings surroundings, const ReadFile& read_file, Draft& draft)
    : program_(program),
      statements_(statements),
      surroundings_(surroundings),
      read_file_(read_file),
      draft_(draft) {}

void Conversion::run() {
  std::vector<const Statement*> silent;
  for (const Statement& statement : statements_) {
    const std::size_t before = draft_.changes();
    take(statement);
    if (draft_.changes() == before) {
      silent.push_back(&statement);
    }
  }
  for (const Statement* statement : silent) {
    if (!draft_.mentions(*statement)) {
      draft_.note(NoteKind::needless, *statement, "it has no effect beside the other options");
    }
  }
}

const Statement* Conversion::find(std::string_view option) const {
  const auto last = std::ranges::find_if(
      statements_ | std::views::reverse,
      [&](const Statement& statement) { return is_same_name(statement.name, option); });
  return last == statements_.rend() ? nullptr : &*last;
}

std::string Conversion::value_of(std::string_view option, std::string_view otherwise) const {
  const Statement* const statement = find(option);
  return statement == nullptr ? std::string(otherwise) : statement->value;
}

bool Conversion::is_on(std::string_view option) const {
  return parse_boolean(value_of(option, "no")).value_or(false);
}

std::string Conversion::path(std::string_view text) const {
  const std::string folder = value_of("BaseDirectory", "");
  if (text.starts_with('/') || folder.empty()) {
    return std::string(text);
  }
  return folder + "/" + std::string(text);
}

std::optional<DataSet> Conversion::data_set(const Statement& statement) {
  const DataSetName name = name_data_set(statement.value);
  if (name.kind == DataSetKind::database) {
    draft_.note(NoteKind::lost, statement, "only file:, refile: and csl: can be read");
    return std::nullopt;
  }
  if (name.kind == DataSetKind::list) {
    return parse_list(name.rest, statement.place);
  }
  const std::string file = path(name.rest);
  const auto text = text_of(file, statement);
  if (!text) {
    return std::nullopt;
  }
  DataSet set = parse_members(*text, file);
  set.has_patterns = name.kind == DataSetKind::patterns;
  return set;
}

std::optional<std::string> Conversion::text_of(const std::string& path,
                                               const Statement& statement) {
  auto text = read_file_(path);
  if (!text) {
    draft_.fail(statement, path + ": " + text.error());
    return std::nullopt;
  }
  return *std::move(text);
}

bool Conversion::is_last(const Statement& statement) const {
  return find(statement.name) == &statement;
}

void Conversion::take(const Statement& statement) {
  const Row* const row = find_row(program_, statement.name);
  if (row == nullptr) {
    draft_.note(NoteKind::lost, statement, unknown_option(program_, statement.name));
    return;
  }
  if (!is_last(statement)) {
    draft_.note(NoteKind::needless, statement,
                "it is set again at " + format_place(find(statement.name)->place));
    return;
  }
  switch (row->fate) {
    case Fate::converted:
      row->convert(statement, *this);
      return;
    case Fate::always:
    case Fate::never:
      take_switch(*row, statement);
      return;
    case Fate::needless:
      draft_.note(NoteKind::needless, statement, std::string(row->text));
      return;
    case Fate::lost:
      draft_.note(is_harmless(*row, statement.value) ? NoteKind::needless : NoteKind::lost,
                  statement, std::string(row->text));
      return;
  }
}

void Conversion::take_switch(const Row& row, const Statement& statement) {
  const auto is_on = boolean_of(statement, *this);
  if (!is_on) {
    return;
  }
  const bool is_as_here = *is_on == (row.fate == Fate::always);
  draft_.note(is_as_here ? NoteKind::needless : NoteKind::lost, statement, std::string(row.text));
}

std::optional<std::uint64_t> number_of(const Statement& statement, Conversion& conversion) {
  // As strtoul(3) takes it with base 0: octal behind a zero.
  const std::string_view text = statement.value;
  std::uint64_t number = 0;
  const int base = text.size() > 1 && text.starts_with('0') ? 8 : 10;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  if (error != std::errc{} || end != text.data() + text.size()) {
    conversion.draft().fail(statement, "not a whole number");
    return std::nullopt;
  }
  return number;
}

std::optional<bool> boolean_of(const Statement& statement, Conversion& conversion) {
  const auto value = parse_boolean(statement.value);
  if (!value) {
    conversion.draft().fail(statement, "neither yes nor no");
  }
  return value;
}

}  // namespace sekisho::migrate
