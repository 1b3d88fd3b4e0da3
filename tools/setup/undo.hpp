// --undo, which takes back what setup did, and --release, which takes Sekisho out of the mail
// server, for the package's removal.
#pragma once

#include "tools/setup/arguments.hpp"
#include "tools/setup/look.hpp"

namespace sekisho::tools::setup {

/// Returns the exit status. Asks on a terminal, unless --yes is given.
[[nodiscard]] int undo(const Arguments& arguments, const View& view);

/// Returns the exit status. Never asks.
[[nodiscard]] int release(const Arguments& arguments, const View& view);

}  // namespace sekisho::tools::setup
