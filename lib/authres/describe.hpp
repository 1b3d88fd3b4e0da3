// Findings → Authentication-Results: which method, which result, which properties (RFC 8601 §2.7,
// RFC 9989 §9).
#pragma once

#include "authres/authentication_results.hpp"
#include "findings/findings.hpp"

#include <string>

namespace sekisho::authres {

/// Every method that ran, in a fixed order: auth, iprev, spf, dkim, arc, dmarc. `dmarc_override` is
/// the reason of a local decision that differs from DMARC's (empty: none).
[[nodiscard]] AuthenticationResults describe(const findings::Findings& findings,
                                             const std::string& authserv_id);

}  // namespace sekisho::authres
