// `sekisho seal`: a message with a new ARC set on top.
#pragma once

#include <CLI/App.hpp>

namespace sekisho::tools {

/// Adds the subcommand; when it was chosen, `status` is its exit status after parsing.
void add_seal(CLI::App& app, int& status);

}  // namespace sekisho::tools
