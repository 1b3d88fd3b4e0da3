// `sekisho report`: feedback of other hosts about our domains, and ours about theirs.
#pragma once

#include <CLI/App.hpp>

namespace sekisho::tools {

/// Adds the subcommand with its own subcommands; when one was chosen, `status` is its exit status
/// after parsing.
void add_report(CLI::App& app, int& status);

}  // namespace sekisho::tools
