// Selectors that this host knows without being told: those that it signs with, and those that
// others reported.
#pragma once

#include "config/options.hpp"
#include "tools/domain/selectors.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace sekisho::tools {

/// Of the keys that the configuration signs with. Warnings go to standard error.
[[nodiscard]] std::vector<NamedSelector> selectors_of_configuration(const config::Options& options);

/// Of signatures of `domain` that passed, in the aggregate reports of the store since `since`.
/// Empty if there is no store.
[[nodiscard]] std::vector<NamedSelector> selectors_of_reports(const config::Options& options,
                                                              const mail::Domain& domain,
                                                              std::chrono::sys_seconds since);

}  // namespace sekisho::tools
