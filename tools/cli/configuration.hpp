// The option --config of the subcommands, and the keys that a configuration signs with.
#pragma once

#include "config/load.hpp"
#include "config/options.hpp"
#include "keys/key_ring.hpp"
#include "tools/cli/refusal.hpp"

#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::tools {

/// Where sekishod looks, too.
inline constexpr std::string_view default_configuration = "/etc/sekisho/sekisho.toml";

/// One line for each, below a first one.
[[nodiscard]] std::string describe_problems(const std::vector<config::Problem>& problems);

[[nodiscard]] std::expected<config::Options, Refusal> load_configuration(const std::string& path);

/// Reads the keys of [[sign]] and of OpenDKIM's tables. What is wrong with single lines goes to
/// standard error, after the subcommand's name.
[[nodiscard]] std::expected<std::shared_ptr<const keys::KeyRing>, Refusal> load_keys(
    const config::Options& options, std::string_view subcommand);

}  // namespace sekisho::tools
