// What migrating has come to so far: options of Sekisho, each with where it came from, and what is
// to be said about the rest.
#pragma once

#include "migrate/statement.hpp"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sekisho::migrate {

enum class NoteKind : std::uint8_t {
  lost,      ///< It has no counterpart, and mail may be treated otherwise than before.
  by_hand,   ///< Somebody has to do something.
  needless,  ///< It needs no counterpart: Sekisho does so anyway, or it means nothing here.
};
struct Note {
  NoteKind kind = NoteKind::lost;
  Place place;
  std::string option;  ///< Of the old program; empty: of none.
  std::string text;    ///< Plain words, printable.
  auto operator<=>(const Note& other) const {
    return std::tie(kind, place.file, place.line, option, text) <=>
           std::tie(other.kind, other.place.file, other.place.line, other.option, other.text);
  }
  bool operator==(const Note&) const = default;
};

/// A line of the result. The value is as TOML has it.
struct Line {
  std::string key;
  std::string value;
  std::vector<std::string> origins;  ///< "FILE:LINE: OPTION"; printable.
};
/// A table [[sign]] or [[rule]]; the first line of a rule is its name.
struct Entry {
  std::string list;
  std::vector<Line> lines;
};

/// "FILE:LINE: OPTION", or whose default it is.
[[nodiscard]] std::string format_origin(const Statement& origin);

class Draft {
 public:
  /// Takes a value, if Sekisho's configuration does; else the option is noted as lost. The first
  /// value stays: another one is noted as lost, and the same one adds its origin.
  void set(const std::string& option, const std::string& value, const Statement& origin);
  /// Likewise, where nothing is set. `words` say where it came from.
  void set_default(const std::string& option, const std::string& value, const std::string& words);
  [[nodiscard]] bool has(const std::string& option) const { return lines_.contains(option); }
  [[nodiscard]] std::string value_of(const std::string& option) const;

  /// A table of a list, as a whole or, where the configuration does not take it, not at all.
  void add(Entry entry, const Statement& origin);
  /// `name` as TOML has it.
  [[nodiscard]] bool has_rule(const std::string& name) const;

  /// Says it once, however often it is told.
  void note(NoteKind kind, const Statement& origin, const std::string& text);
  void fail(const Statement& origin, const std::string& text);

  /// How often something was set, added, noted or failed.
  [[nodiscard]] std::size_t changes() const { return changes_; }
  /// Whether a line or a note has this origin.
  [[nodiscard]] bool mentions(const Statement& origin) const;

  [[nodiscard]] const std::map<std::string, Line>& lines() const { return lines_; }
  [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }
  [[nodiscard]] const std::vector<Note>& notes() const { return notes_; }
  /// What was wrong in the old configuration: "FILE:LINE: OPTION: …".
  [[nodiscard]] const Problems& problems() const { return problems_; }

 private:
  [[nodiscard]] std::string table_with(const std::string& table, const Line& line) const;

  std::map<std::string, Line> lines_;
  std::vector<Entry> entries_;
  std::vector<Note> notes_;
  std::set<Note> told_;
  Problems problems_;
  std::size_t changes_ = 0;
};

/// The draft as a file, in the order of sekisho.toml(5).
[[nodiscard]] std::string write_toml(const Draft& draft, const std::vector<std::string>& sources);

}  // namespace sekisho::migrate
