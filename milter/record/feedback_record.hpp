// What the daemon tells the recorder of DMARC feedback.
#pragma once

#include "checkpoint/verdict.hpp"
#include "report/store/observation.hpp"

#include <chrono>
#include <optional>

namespace sekisho::milter {

class Environment;

/// Nullopt: nobody is to be told of the message (report::observe()), or it was turned away for the
/// time being, and will be counted when it comes again.
[[nodiscard]] std::optional<report::store::Observation> observation_of(
    const checkpoint::Verdict& verdict, std::chrono::system_clock::time_point now);

/// Has the message counted.
void record_feedback(Environment& environment, const checkpoint::Verdict& verdict);

}  // namespace sekisho::milter
