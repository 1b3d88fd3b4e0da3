// TOML → Options.
#pragma once

#include "config/options.hpp"

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::config {

/// One thing wrong with a configuration: "FILE:LINE: KEY: what is wrong; what was expected".
struct Problem {
  std::string message;
};

/// Reads, validates and completes (checkpoint::complete()) a configuration: the main file `path`,
/// its drop-ins (source_files.hpp) and the files that they name; all problems that were found, not
/// only the first.
[[nodiscard]] std::expected<Options, std::vector<Problem>> load(const std::string& path);
/// The same for a text, without the files that it names.
[[nodiscard]] std::expected<Options, std::vector<Problem>> parse(std::string_view text,
                                                                 const std::string& shown_path);

/// An option as it is in force.
struct Setting {
  std::string name;      ///< "dns.timeout"; "rule[2].client" in the second [[rule]].
  std::string value;     ///< As it is written in TOML, without a password.
  std::string file;      ///< The main file or the drop-in that set it; empty: it is the default.
  std::size_t line = 0;  ///< Of the file; 0: it is the default.
};
/// As load(): every option, and what entries of [[sign]] and [[rule]] set.
[[nodiscard]] std::expected<std::vector<Setting>, std::vector<Problem>> load_settings(
    const std::string& path);

/// Warnings about settings that are valid but are likely mistakes, one line each, for people.
[[nodiscard]] std::vector<std::string> find_doubts(const Options& options);

/// One option as it is declared: the sample file and the man page are checked against this table.
struct OptionDescription {
  std::string name;           ///< With its table: "dns.timeout".
  std::string type;           ///< "duration", "one of mark, quarantine, reject" …
  std::string default_value;  ///< As it would be written in TOML.
  std::string help;           ///< One line.
};
[[nodiscard]] std::vector<OptionDescription> describe_options();

}  // namespace sekisho::config
