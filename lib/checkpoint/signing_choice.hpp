// Who is signed for, and with which keys.
#pragma once

#include "checkpoint/earlier_results.hpp"
#include "checkpoint/signing_services.hpp"
#include "dkim/signer.hpp"
#include "findings/findings.hpp"

#include <optional>
#include <string>
#include <vector>

namespace sekisho::checkpoint {

struct SigningChoice {
  std::vector<dkim::SignatureRequest> requests;
  std::string reason;  ///< For people: why there are none, in mail of ours.
};

/// Never mail from outside: nothing that came through the gate unsigned may leave with our
/// signature, and so neither may what we saw come in and now comes back from within, unless DMARC
/// passed for its author then. Only a message with one author, in a domain that we have a published
/// key for, and that its login may write for.
[[nodiscard]] SigningChoice choose_signatures(const findings::Findings& findings,
                                              const std::optional<EarlierResults>& earlier,
                                              const SigningServices& services,
                                              bool require_published);

}  // namespace sekisho::checkpoint
