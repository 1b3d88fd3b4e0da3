// Findings and the operator's options → disposition. Pure functions.
#pragma once

#include "findings/findings.hpp"
#include "policy/disposition.hpp"

#include <cstdint>

namespace sekisho::policy {

/// What is done to a message that fails DMARC where the policy that applies is reject. RFC 9989
/// §7.4 says that a receiver MUST NOT refuse a message solely because of p=reject (so do §5.4, with
/// SHOULD NOT, and §8), and that without other knowledge it MUST treat the message as under
/// p=quarantine.
enum class OnReject : std::uint8_t {
  mark,           ///< Only reported in Authentication-Results.
  quarantine,     ///< As OnQuarantine says.
  reject_direct,  ///< Refused, unless it shows signs of an indirect mail flow: then as OnQuarantine
                  ///< says. The signs are the other knowledge of RFC 9989 §7.4: where lists and
                  ///< forwarders leave their marks and there are none, only the sender suffers.
  reject,         ///< Refused: full enforcement, against the advice of RFC 9989 §7.4.
};
/// … under p=quarantine.
enum class OnQuarantine : std::uint8_t {
  mark,    ///< Only reported in Authentication-Results.
  hold,    ///< Put into the MTA's quarantine.
  reject,  ///< Refused.
};
/// A choice for messages whose author cannot be one domain. DMARC says nothing about them, and that
/// is what an attacker wants (RFC 9989 §11.5): by default they are refused.
enum class OnBadAuthor : std::uint8_t { accept, reject };

/// Section [policy] of the configuration.
struct Options {
  OnReject on_reject = OnReject::reject_direct;
  OnQuarantine on_quarantine = OnQuarantine::mark;
  OnBadAuthor multiple_from = OnBadAuthor::reject;
  OnBadAuthor multiple_authors = OnBadAuthor::reject;  ///< Author domains, that is.
  OnBadAuthor no_from = OnBadAuthor::reject;           ///< No From field, or one without a mailbox.
  OnBadAuthor unparsable_from =
      OnBadAuthor::reject;  ///< No address list, or no valid domain in an address.
};

/// First the author, then DMARC, unless its failure is overridden (find_arc_override()).
/// `indirect`: what hints at a mailing list or forwarder, as one word for people
/// (find_indirect_signs()); empty: nothing does. DMARC's `none`, `permerror` and `temperror` are no
/// reason to refuse anything: the message is accepted and marked.
[[nodiscard]] Disposition decide(const findings::Findings& findings, const std::string& indirect,
                                 const Options& options);

}  // namespace sekisho::policy
