// What setup asks a person on the terminal.
#pragma once

#include <string>

namespace sekisho::tools::setup {

/// Returns true if both standard input and standard output are a terminal.
[[nodiscard]] bool has_terminal();

/// Asks for a line; an empty one stands for `suggestion`. At the end of the input, too.
[[nodiscard]] std::string ask(const std::string& question, const std::string& suggestion);

/// Asks for yes or no. False at the end of the input.
[[nodiscard]] bool confirm(const std::string& question, bool suggestion = true);

}  // namespace sekisho::tools::setup
