// sekisho config: what is in force, and whether the configuration is in order.
#pragma once

#include <CLI/App.hpp>

namespace sekisho::tools {

/// `status` gets the exit status once the subcommand ran.
void add_config(CLI::App& app, int& status);

}  // namespace sekisho::tools
