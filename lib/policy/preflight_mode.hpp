// What the rules make of the judgement on a submission.
#pragma once

#include "findings/findings.hpp"
#include "policy/indirect.hpp"
#include "policy/options.hpp"
#include "policy/rule.hpp"

namespace sekisho::policy {

/// That of the first rule that matches. Where rules tell recipients apart, the mildest holds, since
/// a message is refused for all of them or for none.
[[nodiscard]] Preflight find_preflight(const findings::Findings& findings, const Signs& signs,
                                       const Options& options);

}  // namespace sekisho::policy
