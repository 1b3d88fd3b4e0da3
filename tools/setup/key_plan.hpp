// The part of the plan that is about keys: two for each domain, since some receivers do not support
// Ed25519.
#pragma once

#include "tools/setup/facts.hpp"
#include "tools/setup/plan.hpp"

#include <vector>

namespace sekisho::tools::setup {

/// Makes the keys that are missing, and adds those that the configuration does not name to the
/// domain's drop-in.
[[nodiscard]] std::vector<Step> plan_keys(const DomainFacts& domain, const Facts& facts);

/// Returns those keys of the domain that sign, or will once the plan is carried out.
[[nodiscard]] std::vector<KeyFacts> signing_keys(const DomainFacts& domain);

}  // namespace sekisho::tools::setup
