// The options --domain, --selector and --key, which name keys on the command line.
#pragma once

#include "dkim/signing_key.hpp"
#include "tools/cli/command_line.hpp"
#include "tools/cli/refusal.hpp"

#include <expected>
#include <string>
#include <vector>

namespace sekisho::tools {

/// The first domain, the first selector and the first key file belong together, and so on.
struct KeyArguments {
  std::vector<std::string> domains;
  std::vector<std::string> selectors;
  std::vector<std::string> files;
};

void add_key_options(Command& command, KeyArguments& arguments);

[[nodiscard]] inline bool names_a_key(const KeyArguments& arguments) {
  return !(arguments.domains.empty() && arguments.selectors.empty() && arguments.files.empty());
}

/// Reads the files, in order. One that others can read is taken with a word in `warnings`.
[[nodiscard]] std::expected<std::vector<dkim::SigningKeyPtr>, Refusal> read_signing_keys(
    const KeyArguments& arguments, std::vector<std::string>& warnings);

}  // namespace sekisho::tools
