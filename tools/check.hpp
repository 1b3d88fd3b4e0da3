// `sekisho check`: what the milter would have found of a message.
#pragma once

#include <CLI/App.hpp>

namespace sekisho::tools {

/// Adds the subcommand; when it was chosen, `status` is its exit status after parsing.
void add_check(CLI::App& app, int& status);

}  // namespace sekisho::tools
