// The DNS questions of one message: one deadline, and a limit for each mechanism.
#pragma once

#include "checkpoint/services.hpp"
#include "dns/lookups.hpp"
#include "findings/findings.hpp"
#include "policy/disposition.hpp"

namespace sekisho::checkpoint {

/// What is still under way for them when they end is given up.
///
/// What one mechanism asks must not leave another without an answer: else a sender could write an
/// SPF record that uses up all look-ups before DMARC has its record, and so buy a temporary error
/// where his message is to be refused.
struct MessageLookups {
  MessageLookups(const Services& services, const findings::Client& client);

  /// The message's time begins anew.
  void restart_time(const Services& services) const;

  dns::OwnedLookups spf;
  dns::OwnedLookups dkim;
  dns::OwnedLookups arc;
  dns::OwnedLookups dmarc;
};

/// What a message says of its client, for the share of those that it sends later.
void note_client(const Services& services, const findings::Findings& findings,
                 policy::Action action);

/// For one mechanism, with the whole time of a message, out of this client's share of the questions
/// under way.
[[nodiscard]] dns::OwnedLookups open_lookups(const Services& services,
                                             const findings::Client& client);

}  // namespace sekisho::checkpoint
