#include "migrate/draft.hpp"

#include "config/load.hpp"

#include <algorithm>
#include <optional>
#include <ranges>

namespace sekisho::migrate {

namespace {

// `policy.on_reject` stands as `on_reject` in the table `policy`.
struct OptionName {
  std::string table;
  std::string key;
};

OptionName split_name(const std::string& option) {
  const std::size_t dot = option.find('.');
  return dot == std::string::npos ? OptionName{"", option}
                                  : OptionName{option.substr(0, dot), option.substr(dot + 1)};
}

std::string format_line(const Line& line) {
  std::string text = line.key + " = " + line.value + "  # ";
  for (const std::string& origin : line.origins) {
    text += (&origin == line.origins.data() ? "" : ", ") + origin;
  }
  return text + "\n";
}

std::string format_entry(const Entry& entry) {
  std::string text = "[[" + entry.list + "]]\n";
  for (const Line& line : entry.lines) {
    text += format_line(line);
  }
  return text;
}

// Why the configuration does not take this text, in the words of whoever reads it.
std::optional<std::string> find_fault(const std::string& text) {
  const std::string path = "-";
  const auto options = config::parse(text, path);
  if (options) {
    return std::nullopt;
  }
  std::string fault;
  for (const config::Problem& problem : options.error()) {
    const std::string place = path + ":";
    std::string message = problem.message;
    if (message.starts_with(place)) {
      message.erase(0, message.find(": ", place.size()) + 2);
    }
    fault += (fault.empty() ? "" : "; ") + message;
  }
  return printable(fault);
}

bool accepts(const Entry& entry) {
  return entry.list == "rule" && std::ranges::any_of(entry.lines, [](const Line& line) {
           return line.key == "action" && line.value == "\"accept\"";
         });
}

bool refuses(const Entry& entry) {
  return entry.list == "rule" && !accepts(entry);
}

}  // namespace

std::string format_origin(const Statement& origin) {
  if (origin.place == Place{}) {
    return printable(origin.name);
  }
  if (origin.name.empty()) {
    return format_place(origin.place);
  }
  return format_place(origin.place) + ": " + printable(origin.name);
}

void Draft::set(const std::string& option, const std::string& value, const Statement& origin) {
  ++changes_;
  if (const auto found = lines_.find(option); found != lines_.end()) {
    Line& line = found->second;
    if (line.value == value) {
      line.origins.push_back(format_origin(origin));
    } else {
      note(NoteKind::lost, origin, option + " is " + line.value + ", from " + line.origins.front());
    }
    return;
  }
  const auto [table, key] = split_name(option);
  const Line line{key, value, {format_origin(origin)}};
  if (const auto fault = find_fault(table_with(table, line))) {
    note(NoteKind::lost, origin, *fault);
    return;
  }
  lines_.emplace(option, line);
}

void Draft::set_default(const std::string& option, const std::string& value,
                        const std::string& words) {
  lines_.try_emplace(option, Line{split_name(option).key, value, {words}});
}

// Options of one table can need each other: those that are set come first.
std::string Draft::table_with(const std::string& table, const Line& line) const {
  std::string text = table.empty() ? "" : "[" + table + "]\n";
  for (const auto& [option, set] : lines_) {
    if (split_name(option).table == table) {
      text += format_line(set);
    }
  }
  return text + format_line(line);
}

std::string Draft::value_of(const std::string& option) const {
  const auto found = lines_.find(option);
  return found == lines_.end() ? "" : found->second.value;
}

void Draft::add(Entry entry, const Statement& origin) {
  ++changes_;
  if (const auto fault = find_fault(format_entry(entry))) {
    note(NoteKind::lost, origin, *fault);
    return;
  }
  // Of rules the first that matches decides: what was let pass must not be refused before.
  const auto place = accepts(entry) ? std::ranges::find_if(entries_, refuses) : entries_.end();
  entries_.insert(place, std::move(entry));
}

bool Draft::has_rule(const std::string& name) const {
  return std::ranges::any_of(entries_, [&](const Entry& entry) {
    return entry.list == "rule" && entry.lines.front().value == name;
  });
}

void Draft::note(NoteKind kind, const Statement& origin, const std::string& text) {
  ++changes_;
  Note note{kind, origin.place, origin.name, printable(text)};
  if (told_.insert(note).second) {
    notes_.push_back(std::move(note));
  }
}

void Draft::fail(const Statement& origin, const std::string& text) {
  ++changes_;
  problems_.push_back(format_origin(origin) + ": " + printable(text));
}

bool Draft::mentions(const Statement& origin) const {
  const std::string words = format_origin(origin);
  const auto has_origin = [&](const Line& line) {
    return std::ranges::find(line.origins, words) != line.origins.end();
  };
  return std::ranges::any_of(lines_ | std::views::values, has_origin) ||
         std::ranges::any_of(
             entries_,
             [&](const Entry& entry) { return std::ranges::any_of(entry.lines, has_origin); }) ||
         std::ranges::any_of(notes_, [&](const Note& note) {
           return note.place == origin.place && note.option == origin.name;
         });
}

std::string write_toml(const Draft& draft, const std::vector<std::string>& sources) {
  std::string text = "# Made by `sekisho migrate` from:\n";
  for (const std::string& source : sources) {
    text += "#   " + printable(source) + "\n";
  }
  text += "# Behind each line stands where it came from; sekisho.toml(5) explains it.\n\n";
  std::string table;
  for (const config::OptionDescription& option : config::describe_options()) {
    const auto line = draft.lines().find(option.name);
    if (line == draft.lines().end()) {
      continue;
    }
    if (const std::string begun = split_name(option.name).table; begun != table) {
      table = begun;
      text += "\n[" + table + "]\n";
    }
    text += format_line(line->second);
  }
  for (const Entry& entry : draft.entries()) {
    text += "\n" + format_entry(entry);
  }
  return text;
}

}  // namespace sekisho::migrate
