// How `sekisho status` prints what a daemon told.
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace sekisho::tools {

/// For a person. Throws nlohmann::json::exception where `document` is something else than a daemon
/// of this version tells.
[[nodiscard]] std::string format_status_text(const nlohmann::ordered_json& document);

}  // namespace sekisho::tools
