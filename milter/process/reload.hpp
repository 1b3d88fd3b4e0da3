// A new configuration for a daemon that runs.
#pragma once

#include "milter/environment.hpp"
#include "milter/process/reload_request.hpp"
#include "milter/process/watchers.hpp"

#include <string>

namespace sekisho::milter {

/// Reads the configuration, and the keys and lists that it names, anew: at once or not at all.
/// Where anything is wrong, that is logged, and what was read before goes on. Connections under way
/// keep what they began with. New addresses of metrics and control socket are opened.
[[nodiscard]] ReloadAnswer reload(Environment& environment, const std::string& configuration,
                                  Watchers& watchers);

}  // namespace sekisho::milter
