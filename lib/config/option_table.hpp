// The table of all options: each is declared once, here, with its place in Options, its bounds and
// its one line of help. Its default is what its room's struct begins with.
#pragma once

#include "config/options.hpp"
#include "config/value.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace sekisho::config {

struct Option {
  std::string name;  ///< With its table: "dns.timeout".
  std::string type;
  std::string help;
  /// Sets the member, or says why it cannot.
  std::function<std::optional<Mismatch>(Options&, const Value&)> read;
  /// The member's value as it is written in TOML.
  std::function<std::string(const Options&)> write;
  /// The same for people's eyes: without a password. Empty: as write().
  std::function<std::string(const Options&)> show;
};

/// In the order of the documents: those without a table first, then table by table.
[[nodiscard]] std::vector<Option> option_table();

}  // namespace sekisho::config
