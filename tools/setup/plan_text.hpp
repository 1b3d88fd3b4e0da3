// The facts and the plan as a person reads them.
#pragma once

#include "tools/setup/facts.hpp"
#include "tools/setup/plan.hpp"

#include <string>

namespace sekisho::tools::setup {

/// What was found, a line for each subject.
[[nodiscard]] std::string format_facts(const Facts& facts);

/// The steps with their states and, for those to be done, each change. With `done_too` false,
/// those that are done are left out.
[[nodiscard]] std::string format_steps(const Plan& plan, const Facts& facts, bool in_colour,
                                       bool done_too = true);

/// The records of all domains that are not published yet; empty: all are.
[[nodiscard]] std::string format_all_records(const Plan& plan);

}  // namespace sekisho::tools::setup
