// Programs of the host, run without a shell.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace sekisho::tools {

/// A program and its arguments.
using Words = std::vector<std::string>;

struct CommandResult {
  static constexpr int not_started = 127;

  int status = not_started;  ///< The exit status; 128 and the signal, as in a shell.
  std::string output;
  std::string errors;

  [[nodiscard]] bool succeeded() const { return status == 0; }
};

/// Runs a program and waits for its end.
using CommandRunner = std::function<CommandResult(const Words& command)>;

/// The CommandRunner of the real host. Finds the program in PATH and in the sbin folders, and gives
/// it no input and the locale C. Of each output, the first megabyte is kept.
[[nodiscard]] CommandResult run_command(const Words& command);

/// Returns the command as it can be pasted into a shell.
[[nodiscard]] std::string format_command(const Words& command);

}  // namespace sekisho::tools
