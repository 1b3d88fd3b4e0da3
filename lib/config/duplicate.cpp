#include "config/duplicate.hpp"

#include <algorithm>
#include <vector>

namespace sekisho::config {

namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r";
  const std::size_t begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) {
    return {};
  }
  return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

bool is_bare_name(std::string_view text) {
  constexpr std::string_view others = "_-";
  return !text.empty() && std::ranges::all_of(text, [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           others.contains(c);
  });
}

/// A line that matters here: `[name]`, `[[name]]` or `name =`.
struct Line {
  enum class Kind : unsigned char { other, table, list_entry, option };
  Kind kind = Kind::other;
  std::string_view name;
};

Line header(std::string_view text) {
  const std::size_t brackets = text.starts_with("[[") ? 2 : 1;
  const std::size_t end = text.find(']');
  if (end == std::string_view::npos) {
    return {};
  }
  const std::string_view name = trimmed(text.substr(brackets, end - brackets));
  return is_bare_name(name) ? Line{brackets == 2 ? Line::Kind::list_entry : Line::Kind::table, name}
                            : Line{};
}

Line parse_line(std::string_view text) {
  text = trimmed(text);
  if (text.starts_with('[')) {
    return header(text);
  }
  const std::string_view name = trimmed(text.substr(0, text.find('=')));
  return text.contains('=') && is_bare_name(name) ? Line{Line::Kind::option, name} : Line{};
}

bool is_header(const Line& line) {
  return line.kind == Line::Kind::table || line.kind == Line::Kind::list_entry;
}

/// The lines up to the one that is numbered `most`.
std::vector<Line> first_lines(std::string_view text, std::size_t most) {
  std::vector<Line> lines;
  while (!text.empty() && lines.size() < most) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1);
    lines.push_back(parse_line(text.substr(0, end + 1 - (text[end] == '\n' ? 1 : 0))));
    text.remove_prefix(end + 1);
  }
  return lines;
}

std::optional<Duplicate> earlier_table(const std::vector<Line>& lines) {
  const Line& last = lines.back();
  for (std::size_t i = 0; i + 1 < lines.size(); ++i) {
    const bool are_entries =
        lines[i].kind == Line::Kind::list_entry && last.kind == Line::Kind::list_entry;
    if (is_header(lines[i]) && lines[i].name == last.name && !are_entries) {
      const std::string name(last.name);
      return Duplicate{"[" + name + "]", name, i + 1, true};
    }
  }
  return std::nullopt;
}

std::optional<Duplicate> earlier_option(const std::vector<Line>& lines) {
  const Line& last = lines.back();
  std::size_t first = 0;  // none yet
  std::string table;
  for (std::size_t i = 0; i + 1 < lines.size(); ++i) {
    if (is_header(lines[i])) {
      table = lines[i].name;
      first = 0;
    } else if (first == 0 && lines[i].kind == Line::Kind::option && lines[i].name == last.name) {
      first = i + 1;
    }
  }
  if (first == 0) {
    return std::nullopt;
  }
  return Duplicate{(table.empty() ? "" : table + ".") + std::string(last.name), table, first,
                   false};
}

}  // namespace

std::optional<Duplicate> find_duplicate(std::string_view text, std::size_t line) {
  const std::vector<Line> lines = first_lines(text, line);
  if (line == 0 || lines.size() != line) {
    return std::nullopt;
  }
  if (is_header(lines.back())) {
    return earlier_table(lines);
  }
  return lines.back().kind == Line::Kind::option ? earlier_option(lines) : std::nullopt;
}

}  // namespace sekisho::config
