// `sekisho migrate`: from OpenDKIM, OpenDMARC, OpenARC and policyd-spf to sekisho.toml.
#pragma once

#include <CLI/CLI.hpp>

namespace sekisho::tools {

/// Adds the subcommand; when it runs, it sets `status` to its exit status.
void add_migrate(CLI::App& app, int& status);

}  // namespace sekisho::tools
