// Counts what users send to large receivers.
#pragma once

#include "checkpoint/verdict.hpp"
#include "preflight/sent_volume.hpp"
#include "report/store/tallies.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace sekisho::milter {

class Environment;

/// Counts the message if preflight judged it and it leaves. Never waits.
void record_sent(Environment& environment, const checkpoint::Verdict& verdict);

/// What the store has of other hosts and earlier processes, for preflight.
[[nodiscard]] std::vector<preflight::SentCount> sent_counts(
    std::span<const report::store::Tally> tallies);

/// The line for the log once a percentage of the limit is reached.
[[nodiscard]] std::string tell_reached(const preflight::SentCount& count, unsigned percentage,
                                       std::size_t limit);

}  // namespace sekisho::milter
