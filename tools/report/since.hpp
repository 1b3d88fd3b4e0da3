// The option --since of the subcommands that look back.
#pragma once

#include "tools/cli/refusal.hpp"

#include <chrono>
#include <expected>
#include <string>

namespace sekisho::tools {

/// Returns the begin of the day that `text` names (2026-11-22), or `otherwise` where it is empty.
[[nodiscard]] std::expected<std::chrono::sys_seconds, Refusal> parse_since(
    const std::string& text, std::chrono::sys_seconds otherwise);

}  // namespace sekisho::tools
