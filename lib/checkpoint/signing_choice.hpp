// Who is signed for, and with which keys.
#pragma once

#include "checkpoint/provenance.hpp"
#include "checkpoint/signing_services.hpp"
#include "dkim/signer.hpp"
#include "findings/findings.hpp"

#include <vector>

namespace sekisho::checkpoint {

struct SigningChoice {
  std::vector<dkim::SignatureRequest> requests;
  findings::NotSigned not_signed = findings::NotSigned::none;  ///< Why there are none.
};

/// Never mail from outside, whether it comes now or came earlier and is handed in again from
/// within: that is signed only where it is proved that DMARC passed for its author then. Only a
/// message with one author, in a domain that we have a published key for, and that its login may
/// write for.
[[nodiscard]] SigningChoice choose_signatures(const findings::Findings& findings,
                                              const Provenance& provenance,
                                              const SigningServices& services,
                                              bool require_published);

}  // namespace sekisho::checkpoint
