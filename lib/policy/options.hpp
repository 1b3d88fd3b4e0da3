// Section [policy] of the configuration.
#pragma once

#include "mail/domain.hpp"
#include "policy/rule.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace sekisho::policy {

/// What is done to a message that fails DMARC where the policy that applies is reject. RFC 9989
/// §7.4 says that a receiver MUST NOT refuse a message solely because of p=reject (so do §5.4, with
/// SHOULD NOT, and §8), and that without other knowledge it MUST treat the message as under
/// p=quarantine.
enum class OnReject : std::uint8_t {
  mark,           ///< Only reported in Authentication-Results.
  quarantine,     ///< As `on_quarantine` says.
  reject_direct,  ///< Refused, unless it shows signs of an indirect mail flow: then as
                  ///< `on_quarantine` says. The signs are the other knowledge of RFC 9989 §7.4:
                  ///< where lists and forwarders leave their marks and there are none, only the
                  ///< sender suffers.
  reject,         ///< Refused: full enforcement, against the advice of RFC 9989 §7.4.
};
/// What is done about a finding.
enum class Measure : std::uint8_t {
  mark,    ///< Only reported in Authentication-Results.
  hold,    ///< Put into the MTA's quarantine.
  reject,  ///< Refused.
};
/// A choice for messages whose author cannot be one domain. DMARC says nothing about them, and that
/// is what an attacker wants (RFC 9989 §11.5): by default they are refused.
enum class OnBadAuthor : std::uint8_t { accept, reject };
/// What is done where the DNS leaves open whether a message is to be refused.
enum class OnTempError : std::uint8_t { accept, tempfail };

/// What an instance is for.
enum class Role : std::uint8_t {
  inbound,   ///< It verifies, and never signs.
  outbound,  ///< It signs, never verifies, and refuses what it may not sign for.
  both,
};

struct Options {
  Role role = Role::both;  ///< Option `role`, outside of the section.
  OnReject on_reject = OnReject::reject_direct;
  Measure on_quarantine = Measure::mark;
  OnTempError on_temperror = OnTempError::tempfail;
  OnBadAuthor multiple_from = OnBadAuthor::reject;
  /// Author domains, that is; of our users' mail, which is to be signed for one, authors.
  OnBadAuthor multiple_authors = OnBadAuthor::reject;
  OnBadAuthor no_from = OnBadAuthor::reject;  ///< No From field, or one without a mailbox.
  OnBadAuthor unparsable_from =
      OnBadAuthor::reject;  ///< No address list, or no valid domain in an address.
  /// Header fields of one message that only this host may write; with more it is refused. An MTA
  /// takes longer to remove each one the more there are.
  std::size_t max_forged_fields = 100;
  Measure spf_on_fail = Measure::mark;  ///< Of the sender (RFC 7208 §8.4), HELO's where it is null.
  Measure spf_on_softfail = Measure::mark;
  Measure spf_on_permerror = Measure::mark;
  Measure iprev_on_fail = Measure::mark;       ///< The client's name does not lead back to it.
  Measure iprev_on_permerror = Measure::mark;  ///< It has no PTR record.
  /// Authors in these domains and below need a signature that passes.
  std::vector<mail::Domain> require_signature_from;
  std::string url;  ///< For {url}; other fields may stand in it.
  /// Lines of the reply to what is refused; policy/reply.hpp has the fields.
  std::vector<std::string> reply = {"{what}", "{url}"};
  std::vector<Rule> rules;
  /// Option `arc.trusted_sealers`: domains whose passing chain overrides a DMARC failure.
  std::vector<mail::Domain> trusted_sealers;
  bool dry_run = false;  ///< All is decided and told, and nothing done.
};

}  // namespace sekisho::policy
