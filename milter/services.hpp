// What the daemon works with until the next reload: the services of its sessions, and its own
// options.
#pragma once

#include "checkpoint/services.hpp"
#include "config/options.hpp"

namespace sekisho::milter {

/// Immutable once it is shared.
struct Services : checkpoint::Services {
  config::DaemonOptions daemon;
};

}  // namespace sekisho::milter
