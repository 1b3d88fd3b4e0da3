// `sekisho key`: the life of keys, from made to retired.
#pragma once

#include <CLI/App.hpp>

namespace sekisho::tools {

/// Adds the subcommand with its own ones; when one was chosen, `status` is its exit status after
/// parsing.
void add_key(CLI::App& app, int& status);

// Each adds its part of `sekisho key` and lives in its own file.
void add_key_generate(CLI::App& key, int& status);
void add_key_show(CLI::App& key, int& status);
void add_key_check(CLI::App& key, int& status);
void add_key_rotate(CLI::App& key, int& status);

}  // namespace sekisho::tools
