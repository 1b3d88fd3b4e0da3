// Selectors that this host knows without being told: those that it signs with.
#pragma once

#include "config/options.hpp"
#include "tools/domain/selectors.hpp"

#include <vector>

namespace sekisho::tools {

/// Of the keys that the configuration signs with. Warnings go to standard error.
[[nodiscard]] std::vector<NamedSelector> selectors_of_configuration(const config::Options& options);

}  // namespace sekisho::tools
