// A run of setup that changes something: it asks, shows the plan, carries it out, and looks again.
#pragma once

#include "tools/setup/arguments.hpp"
#include "tools/setup/look.hpp"

#include <vector>

namespace sekisho::tools::setup {

/// Returns the exit status. Asks on the terminal what the arguments do not tell; with --yes, asks
/// nothing.
[[nodiscard]] int set_up(const Arguments& arguments, const View& view,
                         std::vector<mail::Domain> domains);

}  // namespace sekisho::tools::setup
