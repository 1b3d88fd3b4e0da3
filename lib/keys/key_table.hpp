// OpenDKIM's KeyTable: names of keys, and for each the domain, the selector and the private key.
#pragma once

#include "keys/key_choice.hpp"
#include "keys/key_file.hpp"
#include "keys/pattern.hpp"
#include "keys/table.hpp"

#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

namespace sekisho::keys {

/// What stands behind a name: `domain:selector:key`.
struct KeyTableEntry {
  std::optional<mail::Domain> domain;  ///< Nullopt: a percent sign, for the author's.
  std::string selector;
  /// A path, if it begins with a slash or with dots and a slash; a percent sign in it stands for
  /// the author's domain. Else the key itself, PEM or the base64 of DER.
  std::variant<std::string, crypto::PrivateKey> key;
};
[[nodiscard]] std::expected<KeyTableEntry, std::string> parse_key_table_entry(
    std::string_view value);

class KeyTable {
 public:
  /// Reads the keys, too. `problems` gets a line for each entry that cannot be used.
  KeyTable(const Table& table, KeyFiles& files, std::vector<std::string>& problems);

  /// Names are compared octet by octet. Of two lines with the same name the first counts.
  enum class Found { unknown, unusable, usable };
  struct Match {
    Found found = Found::unknown;
    KeyChoice* choice = nullptr;  ///< Where it is usable.
  };
  [[nodiscard]] Match find(std::string_view name);
  [[nodiscard]] const KeyChoice* find_usable(std::string_view name) const;

  [[nodiscard]] const std::vector<KeyChoice>& choices() const { return choices_; }

 private:
  struct Line {
    std::optional<Pattern> pattern;     // nullopt: its name is meant as it is
    std::optional<std::size_t> choice;  // nullopt: cannot be used
  };
  [[nodiscard]] std::expected<void, std::string> add_line(TableKind kind, const std::string& name);
  [[nodiscard]] const Line* line_of(std::string_view name) const;

  std::vector<Line> lines_;
  std::unordered_map<std::string, std::size_t> by_name_;  // all lines
  std::vector<std::size_t> patterns_;                     // the lines that have one, in their order
  std::vector<KeyChoice> choices_;
};

}  // namespace sekisho::keys
