// The DNS questions of one message: one deadline, and a limit for each mechanism.
#pragma once

#include "checkpoint/services.hpp"
#include "checkpoint/verdict.hpp"
#include "dns/lookups.hpp"
#include "findings/findings.hpp"
#include "policy/disposition.hpp"

#include <string>
#include <vector>

namespace sekisho::checkpoint {

/// Look-ups for one mechanism, with the whole time of a message, out of this client's share of the
/// questions under way.
///
/// Each mechanism has its own: questions of one must not leave another without an answer. Otherwise
/// a sender could write an SPF record that uses up all look-ups before DMARC has its record, and so
/// get a temporary error for a message that is to be refused.
[[nodiscard]] dns::OwnedLookups open_lookups(const Services& services,
                                             const findings::Client& client);

/// The time of the message begins anew.
void restart_time(const Services& services, const dns::Lookups& lookups);

/// Adds what was asked so far for `mechanism`.
void add_records(const std::string& mechanism, const dns::Lookups& lookups,
                 std::vector<ExplainedLookup>& explained);

/// What a message says of its client, for the share of those that it sends later.
void note_client(const Services& services, const findings::Findings& findings,
                 policy::Action action);

}  // namespace sekisho::checkpoint
