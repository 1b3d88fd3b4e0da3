// Findings and the operator's options → disposition. Pure functions.
#pragma once

#include "findings/findings.hpp"
#include "policy/disposition.hpp"

#include <cstdint>

namespace sekisho::policy {

/// What is done to a message that fails DMARC under p=reject.
enum class OnReject : std::uint8_t {
  mark,           ///< Only reported in Authentication-Results.
  quarantine,     ///< As OnQuarantine says.
  reject_direct,  ///< Refused, unless it shows signs of an indirect mail flow: then as OnQuarantine
                  ///< says (RFC 9989 §7.4, §8).
  reject,         ///< Refused.
};
/// … under p=quarantine.
enum class OnQuarantine : std::uint8_t { mark, hold, reject };
/// A choice for messages whose author cannot be one domain.
enum class OnBadAuthor : std::uint8_t { accept, reject };

/// Section [policy] of the configuration.
struct Options {
  OnReject on_reject = OnReject::reject_direct;
  OnQuarantine on_quarantine = OnQuarantine::mark;
  OnBadAuthor multiple_from = OnBadAuthor::reject;
  OnBadAuthor multiple_authors = OnBadAuthor::reject;  ///< Author domains, that is.
  OnBadAuthor no_from = OnBadAuthor::reject;
  OnBadAuthor unparsable_from = OnBadAuthor::reject;
};

/// `indirect`: what hints at a mailing list or forwarder, as one word for people; empty: nothing
/// does.
[[nodiscard]] Disposition decide(const findings::Findings& findings, const std::string& indirect,
                                 const Options& options);

}  // namespace sekisho::policy
