// What keeps the daemon from starting on this host: users and groups that are missing.
#pragma once

#include "config/options.hpp"
#include "config/start.hpp"
#include "tools/config/host.hpp"

#include <vector>

namespace sekisho::tools {

/// Users and groups of the configuration that the host does not have.
[[nodiscard]] std::vector<config::Fault> find_identity_faults(const config::Options& options,
                                                              const Host& host);

}  // namespace sekisho::tools
