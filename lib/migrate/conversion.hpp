// One old program's options: the table that knows them all, and how its statements become Sekisho's
// options by it.
#pragma once

#include "migrate/data_set.hpp"
#include "migrate/draft.hpp"
#include "migrate/statement.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::migrate {

class Conversion;

enum class Fate : std::uint8_t {
  converted,  ///< Becomes options of Sekisho.
  always,     ///< A boolean: Sekisho does what "yes" asks for and cannot be told not to.
  never,      ///< A boolean: Sekisho does not do what "yes" asks for.
  needless,   ///< Means nothing here, whatever its value.
  lost,       ///< Has no counterpart.
};

/// What becomes of an option.
struct Row {
  std::string_view option;
  Fate fate = Fate::lost;
  /// Of a converted one, the options of Sekisho that it becomes, which tests look up; of others,
  /// why it has none.
  std::string_view text;
  void (*convert)(const Statement& statement, Conversion& conversion) = nullptr;
  /// Of a lost one, values with which nothing is lost: "accept|a".
  std::string_view harmless = {};
};

/// What the program does unless it is told otherwise, where Sekisho does something else.
struct Default {
  std::string_view option;  ///< Of Sekisho.
  std::string_view value;   ///< As TOML has it.
  std::string_view words;   ///< "MTA is not set"
};

struct Program {
  std::string_view name;
  Notation notation = Notation::words;
  std::span<const Row> rows;
  std::span<const Row> shared_rows;  ///< Of options that other programs have, too.
  std::span<const Default> defaults;
  std::string_view farewell;  ///< What is to be done about the program itself.
};

[[nodiscard]] const Program& opendkim();
[[nodiscard]] const Program& opendmarc();
[[nodiscard]] const Program& openarc();
[[nodiscard]] const Program& policyd_spf();

/// Null: the program has no such option.
[[nodiscard]] const Row* find_row(const Program& program, std::string_view option);

/// What the host has, on which Sekisho is to run.
struct Surroundings {
  bool has_postfix = false;  ///< Sources::has_postfix
  bool has_syslog = true;    ///< Sources::has_syslog
};

class Conversion {
 public:
  /// Borrows all but the surroundings. Of statements with the same name the last counts.
  Conversion(const Program& program, const std::vector<Statement>& statements,
             Surroundings surroundings, const ReadFile& read_file, Draft& draft);

  /// Every statement leaves a line, a note or a problem.
  void run();

  [[nodiscard]] Draft& draft() { return draft_; }
  [[nodiscard]] const Program& program() const { return program_; }
  [[nodiscard]] const Surroundings& surroundings() const { return surroundings_; }
  /// Null: it is not set.
  [[nodiscard]] const Statement* find(std::string_view option) const;
  [[nodiscard]] std::string value_of(std::string_view option, std::string_view otherwise) const;
  /// Whether a boolean option is set, and to yes.
  [[nodiscard]] bool is_on(std::string_view option) const;
  /// A path as the program takes it: below BaseDirectory, unless it begins with a slash.
  [[nodiscard]] std::string path(std::string_view text) const;
  /// The members of a data set. What keeps them from being read is noted, or fails the whole.
  [[nodiscard]] std::optional<DataSet> data_set(const Statement& statement);
  /// The text of a file that a statement names; its absence fails the whole.
  [[nodiscard]] std::optional<std::string> text_of(const std::string& path,
                                                   const Statement& statement);

 private:
  void take(const Statement& statement);
  void take_switch(const Row& row, const Statement& statement);
  [[nodiscard]] bool is_last(const Statement& statement) const;

  const Program& program_;
  const std::vector<Statement>& statements_;
  Surroundings surroundings_;
  const ReadFile& read_file_;
  Draft& draft_;
};

/// A whole number; else the option fails.
[[nodiscard]] std::optional<std::uint64_t> number_of(const Statement& statement,
                                                     Conversion& conversion);
/// A boolean; else the option fails.
[[nodiscard]] std::optional<bool> boolean_of(const Statement& statement, Conversion& conversion);

}  // namespace sekisho::migrate
