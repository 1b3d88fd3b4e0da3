// TOML → Options.
#pragma once

#include "config/options.hpp"

#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::config {

/// One thing wrong with a configuration: "FILE:LINE: KEY: what is wrong; what was expected".
struct Problem {
  std::string message;
};

/// Reads, validates and complete()s a whole file, and the files that it names; all problems that
/// were found, not only the first.
[[nodiscard]] std::expected<Options, std::vector<Problem>> load(const std::string& path);
/// The same for a text, without the files that it names.
[[nodiscard]] std::expected<Options, std::vector<Problem>> parse(std::string_view text,
                                                                 const std::string& shown_path);

/// Fills in what the machine decides where the configuration is silent: an empty `authserv_id`
/// becomes the name of the machine. load() does it; who starts from Options{} or parse() calls it.
void complete(Options& options);

/// One option as it is declared: the sample file and the man page are checked against this table.
struct OptionDescription {
  std::string name;           ///< With its table: "dns.timeout".
  std::string type;           ///< "duration", "one of mark, quarantine, reject" …
  std::string default_value;  ///< As it would be written in TOML.
  std::string help;           ///< One line.
};
[[nodiscard]] std::vector<OptionDescription> describe_options();

}  // namespace sekisho::config
