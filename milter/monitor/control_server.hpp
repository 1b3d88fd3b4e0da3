// The control socket: whoever connects is told how the daemon fares, and that is all.
#pragma once

#include "milter/monitor/log.hpp"

#include <functional>
#include <string>

namespace sekisho::milter {

/// Starts a thread, which lasts as long as the process: it writes what `document` makes to each
/// connection of the listening socket `descriptor`, reads nothing, and closes it. One at a time;
/// none holds it up for long.
void start_control_server(int descriptor, Log log, std::function<std::string()> document);

}  // namespace sekisho::milter
