// Failure reports: what of a verdict goes to the reporter.
#pragma once

#include "checkpoint/verdict.hpp"

namespace sekisho::milter {

class Environment;

/// Hands on what a failure report needs, where one is wanted. Never waits.
void report_failure(Environment& environment, checkpoint::Verdict verdict);

}  // namespace sekisho::milter
