// The life of the process: runs libmilter until a signal, then lets the messages under way end.
#pragma once

#include "milter/environment.hpp"
#include "milter/process/listeners.hpp"

#include <string>

namespace sekisho::milter {

/// Blocks the signals that stop or reload the daemon, for this thread and those it starts, and
/// ignores SIGPIPE. To be called by main() before any thread is started.
void block_signals();

/// Every connection and every question to the DNS needs a descriptor. The soft limit is low for the
/// sake of programs that cannot count beyond it; we can. To be called before the resolver is made,
/// which asks as much at once as the limit allows.
void raise_descriptor_limit();

/// Serves until SIGTERM, SIGINT or SIGHUP: then nothing new is let in, and messages under way have
/// the option stop_timeout to end. SIGUSR1: reads the file `configuration` and all that it names
/// anew; where anything in it is wrong, what was read before goes on. To be called on the main
/// thread. Returns an exit status, with threads of libmilter's still running: leave by
/// std::quick_exit().
[[nodiscard]] int serve(Environment& environment, Listeners& listeners,
                        const std::string& configuration);

}  // namespace sekisho::milter
