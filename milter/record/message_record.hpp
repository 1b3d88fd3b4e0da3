// What is counted and reported of a message once it has its verdict.
#pragma once

#include "checkpoint/verdict.hpp"

namespace sekisho::milter {

class Environment;

/// Gives the message to each record: of DMARC results, changed signatures, sent mail and failures.
/// None of them waits. A fault of one is logged, and costs neither the verdict nor the others.
void record_message(Environment& environment, checkpoint::Verdict verdict) noexcept;

}  // namespace sekisho::milter
