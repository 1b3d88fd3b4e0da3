// The option --now: the clock of a subcommand.
#pragma once

#include "tools/cli/command_line.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace sekisho::tools {

/// Seconds since 1970, up to the end of the year 9999.
void add_now_option(Command& command, std::optional<std::int64_t>& now);

/// `now`, or what the system's clock says.
[[nodiscard]] std::chrono::sys_seconds present_time(const std::optional<std::int64_t>& now);

}  // namespace sekisho::tools
