// Authors who sign all their mail, by the operator's knowledge (RFC 7372 §3.1).
#pragma once

#include "findings/findings.hpp"
#include "policy/judgement.hpp"

#include <optional>

namespace sekisho::policy {

/// Where the author domain is one of `require_signature_from` or below one: a signature must pass
/// whose d= is that domain or below it, too. Mail of ours is not judged.
[[nodiscard]] std::optional<Judgement> judge_signatures(const findings::Findings& findings,
                                                        const Options& options);

}  // namespace sekisho::policy
