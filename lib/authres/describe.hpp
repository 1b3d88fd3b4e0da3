// Findings → Authentication-Results: which method, which result, which properties (RFC 8601 §2.7,
// RFC 9989 §9, RFC 8617 §10).
#pragma once

#include "authres/authentication_results.hpp"
#include "findings/findings.hpp"

#include <cstddef>
#include <string>

namespace sekisho::authres {

/// Of a message with more signatures than this, those that pass and then the first others are told.
inline constexpr std::size_t max_described_signatures = 50;

struct DescribeOptions {
  bool login = false;  ///< Tell the login of an authenticated client (RFC 8601 §2.7.4).
};

/// Every method that ran, in a fixed order: auth, iprev, spf (HELO, then MAIL FROM), dkim (in the
/// order of the signatures), arc, dmarc. Domains are written as A-labels (RFC 8616); what is no
/// valid domain or mailbox is left out. What neither passes nor is `none` has its reason; a DMARC
/// failure that is overridden has that reason instead.
[[nodiscard]] AuthenticationResults describe(const findings::Findings& findings,
                                             const std::string& authserv_id,
                                             const DescribeOptions& options = {});

}  // namespace sekisho::authres
