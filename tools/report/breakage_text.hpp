// How `sekisho report breakage` prints its sums.
#pragma once

#include "report/analysis/breakage.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace sekisho::tools {

/// For a person: the parties that broke the most.
[[nodiscard]] std::string format_breakage_text(
    const std::vector<report::analysis::Breakage>& breakage, std::chrono::sys_seconds since);

/// One JSON object with the keys that sekisho(1) documents, and a line end.
[[nodiscard]] std::string format_breakage_json(
    const std::vector<report::analysis::Breakage>& breakage, std::chrono::sys_seconds since);

}  // namespace sekisho::tools
