// A new configuration for a daemon that runs.
#pragma once

#include "milter/environment.hpp"

#include <string>

namespace sekisho::milter {

/// Reads the configuration file, and the keys and lists that it names, anew: at once or not at all.
/// Where anything is wrong, that is logged, and what was read before goes on. Connections under way
/// keep what they began with.
void reload(Environment& environment, const std::string& configuration);

}  // namespace sekisho::milter
