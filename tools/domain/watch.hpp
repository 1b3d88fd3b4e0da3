// The domains of the option domains.watch: what was found in the last run, and what is worse now.
#pragma once

#include "config/options.hpp"
#include "tools/cli/refusal.hpp"
#include "tools/domain/report.hpp"

#include <expected>
#include <string>
#include <vector>

namespace sekisho::tools {

/// Returns what the last run found; nothing if there was none, or if its file cannot be read, which
/// is told on standard error.
[[nodiscard]] Baseline read_last_run(const config::Domains& domains);

/// Returns what is known after `runs`: of checks without an answer, what was known before.
[[nodiscard]] Baseline known_after(const Baseline& before, const std::vector<DomainRun>& runs);

/// Writes it for the next run, and the numbers of findings for the daemon. Makes the folder.
[[nodiscard]] std::expected<void, Refusal> write_last_run(const config::Domains& domains,
                                                          const Baseline& known);

/// One line for each finding, for a log.
[[nodiscard]] std::string format_lines(const std::vector<DomainRun>& runs,
                                       const Selection& selection);

}  // namespace sekisho::tools
