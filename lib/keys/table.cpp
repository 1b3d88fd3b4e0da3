#include "keys/table.hpp"

#include "keys/secret_text.hpp"
#include "mail/ascii.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <string.h>  // NOLINT(modernize-deprecated-headers): explicit_bzero

namespace sekisho::keys {

namespace {

constexpr std::string_view blanks = " \t\r\v\f";

constexpr bool is_blank(char c) {
  return blanks.contains(c);
}

// Takes lines or elements, and refuses those that are none.
class Gatherer {
 public:
  void add(std::size_t number, std::string_view key, std::string_view value) {
    key = trimmed(key);
    value = trimmed(value);
    if (key.empty() && value.empty()) {
      return;
    }
    if (key.empty() || value.empty()) {
      refuse(number, "a key and a value are wanted");
      return;
    }
    gathered_.lines.push_back({number, std::string(key), std::string(value)});
  }
  void refuse(std::size_t number, std::string_view reason) {
    gathered_.problems.push_back(std::to_string(number) + ": " + std::string(reason));
  }
  [[nodiscard]] TableLines finish() { return std::move(gathered_); }

 private:
  TableLines gathered_;
};

// The part of `text` up to `separator`, which is taken off with it.
std::string_view take(std::string_view& text, char separator) {
  const std::size_t end = std::min(text.find(separator), text.size());
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return part;
}

void add_line(Gatherer& gatherer, std::size_t number, std::string_view line) {
  line = trimmed(line.substr(0, line.find('#')));
  if (line.size() > max_table_line_octets) {
    gatherer.refuse(number, "the line is too long");
    return;
  }
  if (std::ranges::any_of(line, [](char c) { return mail::is_control(c) && c != '\t'; })) {
    gatherer.refuse(number, "a control character");
    return;
  }
  const std::size_t end = std::min(line.find_first_of(blanks), line.size());
  gatherer.add(number, line.substr(0, end), line.substr(end));
}

std::expected<Table, std::string> read_file(TableKind kind, const std::string& path,
                                            std::vector<std::string>& problems) {
  const auto file = read_text_file(path, max_table_octets);
  if (!file) {
    return std::unexpected(path + ": " + file.error());
  }
  TableLines gathered = parse_table_file(file->text.view());
  for (const std::string& problem : gathered.problems) {
    problems.push_back(path + ":" + problem);
  }
  return Table(kind, path, file->is_private, std::move(gathered.lines));
}

Table read_list(std::string_view text, std::vector<std::string>& problems) {
  TableLines gathered = parse_table_list(text);
  for (const std::string& problem : gathered.problems) {
    problems.push_back("csl:" + problem);
  }
  return {TableKind::exact, "csl", true, std::move(gathered.lines)};
}

// The kinds of opendkim(8) that are databases and programs.
bool names_a_database(std::string_view specification) {
  constexpr std::array<std::string_view, 9> prefixes{
      "db:", "dsn:", "ldap:", "ldaps:", "ldapi:", "lua:", "memcache:", "erlang:", "mdb:"};
  return specification.ends_with(".db") ||
         std::ranges::any_of(
             prefixes, [&](std::string_view prefix) { return specification.starts_with(prefix); });
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  return mail::trimmed<is_blank>(text);
}

TableLines parse_table_file(std::string_view text) {
  Gatherer gatherer;
  for (std::size_t number = 1; !text.empty(); ++number) {
    if (number > max_table_lines) {
      gatherer.refuse(number, "too many lines; the rest is not read");
      break;
    }
    add_line(gatherer, number, take(text, '\n'));
  }
  return gatherer.finish();
}

TableLines parse_table_list(std::string_view text) {
  Gatherer gatherer;
  for (std::size_t number = 1; !text.empty(); ++number) {
    if (number > max_table_lines) {
      gatherer.refuse(number, "too many elements; the rest is not read");
      break;
    }
    std::string_view value = take(text, ',');
    if (value.size() > max_table_line_octets) {
      gatherer.refuse(number, "the element is too long");
      continue;
    }
    const std::string_view key = take(value, '=');
    gatherer.add(number, key, value);
  }
  return gatherer.finish();
}

Table::~Table() {
  for (TableLine& line : lines_) {
    explicit_bzero(line.value.data(), line.value.size());
  }
}

std::expected<Table, std::string> Table::read(const std::string& specification,
                                              std::vector<std::string>& problems) {
  constexpr std::string_view file = "file:";
  constexpr std::string_view patterns = "refile:";
  constexpr std::string_view list = "csl:";
  if (specification.starts_with(file)) {
    return read_file(TableKind::exact, specification.substr(file.size()), problems);
  }
  if (specification.starts_with(patterns)) {
    return read_file(TableKind::patterns, specification.substr(patterns.size()), problems);
  }
  if (specification.starts_with(list)) {
    return read_list(std::string_view(specification).substr(list.size()), problems);
  }
  if (names_a_database(specification)) {
    return std::unexpected(specification + ": only file:, refile: and csl: tables can be read");
  }
  if (specification.starts_with('/')) {
    return read_file(TableKind::exact, specification, problems);
  }
  return read_list(specification, problems);
}

std::string Table::place(std::size_t line) const {
  return name_ + ":" + std::to_string(line) + ": ";
}

}  // namespace sekisho::keys
