// Exit statuses of every subcommand, as sekisho(1) states them.
#pragma once

namespace sekisho::tools {

inline constexpr int exit_success = 0;  ///< The work was done, whatever it found.
inline constexpr int exit_failure = 1;  ///< A failure of ours, or of what we read.
inline constexpr int exit_usage = 2;    ///< The command line cannot be understood.

}  // namespace sekisho::tools
