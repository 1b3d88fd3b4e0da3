#include "migrate/statement.hpp"

#include "keys/table.hpp"
#include "mail/ascii.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace sekisho::migrate {

namespace {

using keys::trimmed;

constexpr std::string_view blanks = " \t\r\v\f";

// Calls `take(number, line)` for each line that can be read, without its comment.
template <typename Take>
void each_line(std::string_view text, const std::string& file, Problems& problems, Take take) {
  std::size_t taken = 0;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = trimmed(text.substr(0, std::min(end, text.find('#'))));
    text.remove_prefix(std::min(end + 1, text.size()));
    const Place place{file, number};
    if (line.size() > max_line_octets) {
      problems.push_back(format_place(place) + ": the line is too long");
    } else if (std::ranges::any_of(line, [](char c) { return mail::is_control(c) && c != '\t'; })) {
      problems.push_back(format_place(place) + ": a control character");
    } else if (taken == max_statements) {
      problems.push_back(format_place(place) + ": too many options");
      return;
    } else if (!line.empty()) {
      ++taken;
      take(place, line);
    }
  }
}

struct Halves {
  std::string_view name;
  std::string_view value;
};

Halves split(std::string_view line, Notation notation) {
  const std::size_t end = notation == Notation::words ? line.find_first_of(blanks) : line.find('=');
  const std::size_t name_end = std::min(end, line.size());
  const bool has_sign = notation == Notation::assignments && end != std::string_view::npos;
  return {trimmed(line.substr(0, name_end)), trimmed(line.substr(name_end + (has_sign ? 1 : 0)))};
}

bool is_include(const Statement& statement, Notation notation) {
  return notation == Notation::words && mail::equals_ignoring_case(statement.name, "Include");
}

// Reads a file and what it includes. The depth is bounded by max_include_depth, not by the input.
class Reader {
 public:
  Reader(Notation notation, const ReadFile& read_file)
      : notation_(notation), read_file_(read_file) {}

  void read(const std::string& path, const std::string& asked_by, std::size_t depth) {
    if (++files_ > max_files) {
      complain(asked_by, "too many files are included");
      return;
    }
    const auto text = read_file_(path);
    if (!text) {
      complain(asked_by, printable(path) + ": " + text.error());
      return;
    }
    const auto statements = parse_statements(*text, path, notation_);
    if (!statements) {
      std::ranges::copy(statements.error(), std::back_inserter(problems_));
      return;
    }
    for (const Statement& statement : *statements) {
      take(statement, depth);
    }
  }

  std::expected<std::vector<Statement>, Problems> finish() {
    if (!problems_.empty()) {
      return std::unexpected(std::move(problems_));
    }
    return std::move(statements_);
  }

 private:
  void take(const Statement& statement, std::size_t depth) {
    if (!is_include(statement, notation_)) {
      if (statements_.size() < max_statements) {
        statements_.push_back(statement);
      } else if (problems_.empty()) {
        complain(format_place(statement.place), "too many options");
      }
    } else if (depth == max_include_depth) {
      complain(format_place(statement.place), "files are included too deeply");
    } else if (files_ <= max_files) {
      read(statement.value, format_place(statement.place), depth + 1);
    }
  }
  void complain(const std::string& where, const std::string& what) {
    problems_.push_back(where.empty() ? what : where + ": " + what);
  }

  Notation notation_;
  const ReadFile& read_file_;
  std::size_t files_ = 0;
  std::vector<Statement> statements_;
  Problems problems_;
};

bool is_name_octet(char c) {
  return mail::is_alpha(c) || mail::is_digit(c) || c == '_';
}

using Variables = std::map<std::string, std::string, std::less<>>;

// The name behind a dollar sign, which is taken off; nullopt where a shell would do more.
std::optional<std::string_view> take_name(std::string_view& text) {
  const bool braces = text.starts_with('{');
  const std::string_view rest = text.substr(braces ? 1 : 0);
  const std::size_t end =
      static_cast<std::size_t>(std::ranges::find_if_not(rest, is_name_octet) - rest.begin());
  if (end == 0 || (braces && !rest.substr(end).starts_with('}'))) {
    return std::nullopt;
  }
  text = rest.substr(end + (braces ? 1 : 0));
  return rest.substr(0, end);
}

std::expected<std::string, std::string> expand(std::string_view text, const Variables& variables) {
  std::string value;
  while (!text.empty()) {
    const char c = text.front();
    text.remove_prefix(1);
    if (c != '$') {
      value += c;
      continue;
    }
    const auto name = take_name(text);
    if (!name) {
      return std::unexpected("only $NAME and ${NAME} can be read");
    }
    // One that no line sets is empty, as for the shell.
    const auto found = variables.find(*name);
    value += found == variables.end() ? "" : found->second;
    if (value.size() > max_line_octets) {
      return std::unexpected("the value is too long");
    }
  }
  return value;
}

// A value as the shell takes it, as far as it needs no shell.
std::expected<std::string, std::string> shell_value(std::string_view text,
                                                    const Variables& variables) {
  if (text.size() > 1 && (text.front() == '"' || text.front() == '\'') &&
      text.back() == text.front()) {
    const char quote = text.front();
    text = text.substr(1, text.size() - 2);
    if (!text.contains(quote) && quote == '\'') {
      return std::string(text);
    }
  } else if (text.find_first_of(" \t;&|<>") != std::string_view::npos) {
    return std::unexpected("a value with blanks or commands, and without quotes");
  }
  if (text.find_first_of("\"'`\\") != std::string_view::npos) {
    return std::unexpected("a quote, a backquote or a backslash within the value");
  }
  return expand(text, variables);
}

}  // namespace

std::string format_place(const Place& place) {
  const std::string file = printable(place.file);
  return place.line == 0 ? file : file + ":" + std::to_string(place.line);
}

std::expected<std::vector<Statement>, Problems> parse_statements(std::string_view text,
                                                                 const std::string& file,
                                                                 Notation notation) {
  std::vector<Statement> statements;
  Problems problems;
  each_line(text, file, problems, [&](const Place& place, std::string_view line) {
    const auto [name, value] = split(line, notation);
    if (name.empty() || value.empty()) {
      problems.push_back(format_place(place) + ": " + printable(name.substr(0, 100)) +
                         (name.empty() ? "an option has no name" : ": it has no value"));
      return;
    }
    statements.push_back({std::string(name), std::string(value), place});
  });
  if (!problems.empty()) {
    return std::unexpected(std::move(problems));
  }
  return statements;
}

std::expected<std::vector<Statement>, Problems> read_statements(const std::string& path,
                                                                Notation notation,
                                                                const ReadFile& read_file) {
  Reader reader(notation, read_file);
  reader.read(path, "", 0);
  return reader.finish();
}

std::expected<std::vector<Statement>, Problems> parse_shell_variables(std::string_view text,
                                                                      const std::string& file) {
  std::vector<Statement> statements;
  Problems problems;
  Variables variables;
  each_line(text, file, problems, [&](const Place& place, std::string_view line) {
    const std::size_t sign = std::min(line.find('='), line.size());
    const std::string_view name = line.substr(0, sign);
    const std::string where = format_place(place) + ": ";
    if (sign == line.size() || name.empty() || !std::ranges::all_of(name, is_name_octet)) {
      problems.push_back(where + "not of the form NAME=value");
      return;
    }
    auto value = shell_value(line.substr(sign + 1), variables);
    if (!value) {
      problems.push_back(where + std::string(name) + ": " + value.error());
      return;
    }
    variables.insert_or_assign(std::string(name), *value);
    if (!value->empty()) {
      statements.push_back({std::string(name), *std::move(value), place});
    }
  });
  if (!problems.empty()) {
    return std::unexpected(std::move(problems));
  }
  return statements;
}

std::string printable(std::string_view text) {
  std::string shown(text);
  std::ranges::replace_if(shown, [](char c) { return c < ' ' || c > '~'; }, '?');
  return shown;
}

std::optional<bool> parse_boolean(std::string_view text) {
  const char first = text.empty() ? '\0' : text.front();
  if (std::string_view("TtYy1").contains(first)) {
    return true;
  }
  if (std::string_view("FfNn0").contains(first)) {
    return false;
  }
  return std::nullopt;
}

}  // namespace sekisho::migrate
