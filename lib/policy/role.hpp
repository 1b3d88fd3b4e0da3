// What an instance that serves our own users alone refuses.
#pragma once

#include "findings/findings.hpp"
#include "policy/judgement.hpp"

#include <optional>

namespace sekisho::policy {

/// Nullopt: the role is not `outbound`, or the message may leave: it is signed, or is left unsigned
/// for a reason that its sender cannot mend (its author cannot be read, the DNS does not show the
/// key), or was judged by us before and is forwarded.
[[nodiscard]] std::optional<Judgement> judge_role(const findings::Findings& findings,
                                                  const Options& options);

}  // namespace sekisho::policy
