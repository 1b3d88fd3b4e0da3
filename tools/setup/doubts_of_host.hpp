// The steps of the plan that setup cannot take itself: other milters, the DNS, the resolver.
#pragma once

#include "tools/setup/facts.hpp"
#include "tools/setup/plan.hpp"

#include <vector>

namespace sekisho::tools::setup {

[[nodiscard]] std::vector<Step> doubts_about_others(const Facts& facts);

/// Returns a step for each record.
[[nodiscard]] std::vector<Step> steps_of_records(const PlannedRecords& records);

/// Returns a step for each address: receivers expect a name that leads back to it.
[[nodiscard]] std::vector<Step> doubts_about_names(const Facts& facts);

[[nodiscard]] Step doubt_resolver_of(const Facts& facts);

}  // namespace sekisho::tools::setup
