// Key files that are read beside the mail, since there are many.
#pragma once

#include "milter/environment.hpp"

#include <functional>

namespace sekisho::milter {

/// Reads every key file that nobody has needed yet, and logs those that cannot be used; then that
/// all are read. Where none was left, nothing is logged. `stop` is asked before each file.
void read_left_keys(const Environment& environment, const std::function<bool()>& stop);

}  // namespace sekisho::milter
