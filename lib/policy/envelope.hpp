// What can be said of a message before it is there: the client's name and SPF (RFC 8601 §3, RFC
// 7208 §8).
#pragma once

#include "findings/findings.hpp"
#include "policy/judgement.hpp"

#include <optional>

namespace sekisho::policy {

/// Of the sender, or of HELO's name where the sender is null. Mail of ours is not judged: nobody
/// publishes the addresses from which his own users send.
[[nodiscard]] std::optional<Judgement> judge_spf(const findings::Findings& findings,
                                                 const Options& options);
[[nodiscard]] std::optional<Judgement> judge_iprev(const findings::Findings& findings,
                                                   const Options& options);

/// Whether something may be refused for them, or a rule turns recipients away: then it is worth
/// waiting for them at RCPT.
[[nodiscard]] bool refuses_envelopes(const Options& options);

}  // namespace sekisho::policy
