// sekisho status: asks a running daemon how it fares.
#pragma once

#include <string>

#include <CLI/CLI.hpp>
#include <nlohmann/json_fwd.hpp>

namespace sekisho::tools {

void add_status(CLI::App& app, int& status);

/// What the daemon told, for a person. Throws nlohmann::json::exception where it is something else
/// than a daemon of this version tells.
[[nodiscard]] std::string format_status_text(const nlohmann::ordered_json& document);

}  // namespace sekisho::tools
