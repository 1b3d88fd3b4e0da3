// Counts signatures of authors that were broken on their way, for `sekisho report breakage`.
#pragma once

#include "checkpoint/verdict.hpp"
#include "report/store/tallies.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace sekisho::milter {

class Environment;

/// What is counted of a message from outside: for its author's organizational domain, each way in
/// which signatures of that organization fail because header or body differ from what was signed.
/// The party is "list:" with the identifier that the header shows, or "host:" with the
/// organizational domain of the client's confirmed name, or "" where there is neither.
[[nodiscard]] std::vector<report::store::Tally> changes_of(
    const checkpoint::Verdict& verdict, std::chrono::system_clock::time_point now);

/// Has them counted.
void record_changes(Environment& environment, const checkpoint::Verdict& verdict);

}  // namespace sekisho::milter
