// Exit statuses of every subcommand, as sekisho(1) states them.
#pragma once

namespace sekisho::tools {

inline constexpr int exit_success = 0;      ///< The work was done, whatever it found.
inline constexpr int exit_failure = 1;      ///< A failure of ours, or of what we read.
inline constexpr int exit_usage = 2;        ///< The command line cannot be understood.
inline constexpr int exit_unpublished = 3;  ///< A key is not in the DNS, or not as it should be.
inline constexpr int exit_findings = 3;     ///< A check found what --fail-on asks for.
inline constexpr int exit_no_answer = 4;    ///< The DNS did not answer for a key or a domain.

}  // namespace sekisho::tools
