// `sekisho sign`: a message with DKIM signatures on top.
#pragma once

#include <CLI/App.hpp>

namespace sekisho::tools {

/// Adds the subcommand; when it was chosen, `status` is its exit status after parsing.
void add_sign(CLI::App& app, int& status);

}  // namespace sekisho::tools
