// Findings and the operator's options → disposition. Pure functions.
#pragma once

#include "findings/findings.hpp"
#include "policy/disposition.hpp"
#include "policy/options.hpp"

#include <string>

namespace sekisho::policy {

/// What the header section says of the way of a message. Nothing of it is authentic.
struct Signs {
  std::string indirect;  ///< find_indirect_signs()
};

/// First the author, then SPF, the client's name, required signatures and DMARC, unless its failure
/// is overridden (find_arc_override()). The strictest wins: refused, turned away for the time
/// being, held, accepted; what all the refusals say is told together. DMARC's `none` and
/// `permerror` are no reason to refuse anything.
[[nodiscard]] Disposition decide(const findings::Findings& findings, const Signs& signs,
                                 const Options& options);

}  // namespace sekisho::policy
