// What the daemon writes down of each message once it was answered: counters, history and log.
#pragma once

#include "checkpoint/verdict.hpp"

#include <chrono>

namespace sekisho::milter {

class Environment;

/// `waited`: how long the MTA did, at the end of the message.
void log_message(Environment& environment, const checkpoint::Verdict& verdict,
                 std::chrono::nanoseconds waited);

/// The same of a recipient that was refused.
void log_refused_recipient(Environment& environment, const checkpoint::Verdict& refusal,
                           std::chrono::nanoseconds waited);

}  // namespace sekisho::milter
