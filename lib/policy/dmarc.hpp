// A message that DMARC fails, or of which the DNS does not let DMARC say so (RFC 9989 §5.3.6,
// §7.4).
#pragma once

#include "findings/findings.hpp"
#include "mail/domain.hpp"
#include "policy/indirect.hpp"
#include "policy/judgement.hpp"

#include <optional>
#include <vector>

namespace sekisho::policy {

/// Nullopt: DMARC has nothing to say against the message.
///
/// A temporary error is a reason to turn a message away for the time being where all of this holds:
/// - it comes from outside, and no check broke for a reason of our own;
/// - had DMARC failed, the message would be refused: the author's policy is reject, or no answer
///   tells what it is, and the options and the way of the message (`indirect`) let it be refused;
/// - the client is not known as one of the author's: neither SPF nor DKIM passes for the domain in
///   From, nor for one that is aligned with it as far as the answers there tell.
[[nodiscard]] std::optional<Judgement> judge_dmarc(const findings::Findings& findings,
                                                   IndirectSign indirect, const Options& options);

/// Whether DMARC fails under a policy that asks for anything to be done about it.
[[nodiscard]] bool fails_dmarc(const findings::Findings& findings);

/// Turns a DMARC failure into a temporary error where SPF or DKIM did not run because of a fault of
/// ours: without it, the message might have passed.
void soften_after_fault(findings::Findings& findings);

/// Why a DMARC failure is not acted upon whatever the options say; nullopt: it is, or there is
/// none. `trusted_sealers`: see find_arc_override().
[[nodiscard]] std::optional<findings::Override> find_override(
    const findings::Findings& findings, const std::vector<mail::Domain>& trusted_sealers);

}  // namespace sekisho::policy
