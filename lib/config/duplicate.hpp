// A table or an option that stands twice in one file, which TOML does not allow.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace sekisho::config {

struct Duplicate {
  std::string name;       ///< "[dns]", or "dns.timeout".
  std::string table;      ///< "dns"; empty: the option is in no table.
  std::size_t first = 0;  ///< The line of the first one, counted from 1.
  bool is_table = false;  ///< Otherwise an option.
};

/// If line `line` (counted from 1) of the text begins a table or sets an option that an earlier
/// line has: that one. A hint for a text that is not TOML: names in quotes and with dots are not
/// compared.
[[nodiscard]] std::optional<Duplicate> find_duplicate(std::string_view text, std::size_t line);

}  // namespace sekisho::config
