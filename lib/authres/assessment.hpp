// What another host found of a message, from the authres-payload that it wrote (RFC 8601 §2.2).
#pragma once

#include "findings/findings.hpp"

#include <string_view>

namespace sekisho::authres {

/// Its results for DMARC, SPF and DKIM, with the domains that they are about; empty where the value
/// cannot be read. Nothing of it is authentic by itself: of an ARC-Authentication-Results, the
/// chain's seals vouch for what was written, and the sealers for its truth.
[[nodiscard]] findings::Assessment read_assessment(std::string_view authres_payload);

}  // namespace sekisho::authres
