// Trust in ARC sealers: when a chain outweighs a DMARC failure (RFC 8617 §7.2.1).
#pragma once

#include "findings/findings.hpp"
#include "mail/domain.hpp"

#include <optional>
#include <string>
#include <vector>

namespace sekisho::policy {

/// Why the DMARC failure of a message is not acted upon; nullopt: it is. The comment is what RFC
/// 8617 §7.2.2 asks for: `arc=pass as[2].d=b.example as[1].d=a.example as[2].s=…`.
///
/// Whoever is named in a chain wrote himself into it, and cv=pass is his word alone. So all of this
/// must hold:
/// - The chain passes, and every one of its sealers is in `trusted_sealers` (d= of the seals,
///   exactly). The first, since its ARC-Authentication-Results are the evidence: an attacker seals
///   a forgery with i=1 and "dmarc=pass", and lets a trusted list add i=2. The last, since the
///   message is as it says. Those between, since each may have changed the message: an attacker
///   takes what a trusted list sealed, changes From and body, seals it with i=2 and cv=pass, and
///   sends it through another trusted list.
/// - The first sealer says that the message was authentic when it came: dmarc=pass; or, where it
///   knew of no DMARC record, SPF or DKIM passed in alignment. Any other result of DMARC speaks
///   against the message.
/// - It says so of the author domain that the message has now, as far as it names one.
///
/// Nothing is looked up here, so a domain counts as aligned only where that is certain: it is the
/// author domain or, in relaxed alignment, one that lies between it and its organizational domain.
[[nodiscard]] std::optional<findings::Override> find_arc_override(
    const findings::Findings& findings, const std::vector<mail::Domain>& trusted_sealers);

}  // namespace sekisho::policy
