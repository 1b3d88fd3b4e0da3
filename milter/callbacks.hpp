// libmilter's callbacks: they translate what an MTA says into the events of a checkpoint::Session,
// and do nothing else.
#pragma once

#include "checkpoint/services.hpp"
#include "milter/log.hpp"
#include "milter/traffic.hpp"

#include <memory>

namespace sekisho::milter {

/// What all connections share. Outlives libmilter.
struct Environment {
  std::shared_ptr<const checkpoint::Services> services;
  Log log;
  Traffic traffic;
};

/// Tells libmilter our callbacks. Once in a process: libmilter has one filter. False: it refuses.
[[nodiscard]] bool register_callbacks(Environment& environment);

}  // namespace sekisho::milter
