// Messages whose author cannot be one domain (RFC 5322 §3.6, RFC 9989 §11.5).
#pragma once

#include "findings/findings.hpp"
#include "policy/judgement.hpp"

#include <optional>

namespace sekisho::policy {

/// Nullopt: there is one author domain, and in mail of our users one author, or the option lets
/// what there is pass.
[[nodiscard]] std::optional<Judgement> judge_author(const findings::Findings& findings,
                                                    const Options& options);

}  // namespace sekisho::policy
