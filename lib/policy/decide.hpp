// Findings and the operator's options → disposition. Pure functions.
#pragma once

#include "findings/findings.hpp"
#include "policy/disposition.hpp"
#include "policy/indirect.hpp"
#include "policy/options.hpp"

#include <optional>
#include <string>

namespace sekisho::policy {

/// By the first rule that matches, and where none does by the options: the author, then SPF, the
/// client's name, required signatures and DMARC, unless its failure is overridden
/// (find_arc_override()). The strictest wins: refused, turned away for the time being, held,
/// accepted; what all the refusals say is told together. DMARC's `none` and `permerror` are no
/// reason to refuse anything.
///
/// Where rules tell recipients apart, each is decided for and the strictest outcome holds for all,
/// since a message has one; but what only some want discarded is refused, as nobody else's mail may
/// vanish.
[[nodiscard]] Disposition decide(const findings::Findings& findings, const Signs& signs,
                                 const Options& options);

/// What is to be said to RCPT, where that is certain before the message is there: nullopt, or a
/// refusal. Only a rule, SPF and the client's name can decide so early; nothing does while a rule
/// above may come to match, or in a dry run.
[[nodiscard]] std::optional<Disposition> decide_recipient(const findings::Findings& findings,
                                                          const std::string& recipient,
                                                          const Options& options);

}  // namespace sekisho::policy
