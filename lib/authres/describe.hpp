// Findings → Authentication-Results: which method, which result, which properties (RFC 8601 §2.7,
// RFC 9989 §9, RFC 8617 §10).
#pragma once

#include "authres/authentication_results.hpp"
#include "findings/findings.hpp"

#include <cstddef>
#include <string>

namespace sekisho::authres {

/// Of a message with more signatures than this, those that pass and are aligned with the author
/// domain are told, then others that pass, then the first that do not.
inline constexpr std::size_t max_described_signatures = 50;
/// So many of these stand before arc and dmarc, the others behind: a field that is cut, or that
/// format() shortens, still says what was decided.
inline constexpr std::size_t max_leading_signatures = 5;

struct DescribeOptions {
  bool login = false;  ///< Tell the login of an authenticated client (RFC 8601 §2.7.4).
  /// Tell the `polrec` properties of dmarc and `arc.chain` of arc. Readers in use discard the whole
  /// field at a property type that they do not know: SpamAssassin 4 the first, OpenARC both.
  bool extended = false;
};

/// Every method that ran, in a fixed order: auth, iprev, spf (HELO, then MAIL FROM), dkim (in the
/// order of the signatures), arc, dmarc, and what is left of dkim. Domains are written as A-labels
/// (RFC 8616); what is no valid domain or mailbox is left out. What neither passes nor is `none`
/// has its reason; a DMARC failure that is overridden has that reason instead.
[[nodiscard]] AuthenticationResults describe(const findings::Findings& findings,
                                             const findings::Overrides& overrides,
                                             const std::string& authserv_id,
                                             const DescribeOptions& options = {});

}  // namespace sekisho::authres
