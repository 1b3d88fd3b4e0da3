// The facts and the plan for programs.
#pragma once

#include "tools/setup/facts.hpp"
#include "tools/setup/plan.hpp"

#include <string>

namespace sekisho::tools::setup {

/// Returns one JSON object with the keys that sekisho-setup(1) documents, and a line end.
[[nodiscard]] std::string format_json(const Plan& plan, const Facts& facts);

}  // namespace sekisho::tools::setup
