// What a subcommand answers when it cannot do what was asked.
#pragma once

#include "tools/cli/exit_status.hpp"

#include <cerrno>
#include <iostream>
#include <string>
#include <string_view>
#include <system_error>

namespace sekisho::tools {

/// The reason of the last failure of the system, for people: "Permission denied".
[[nodiscard]] inline std::string last_reason() {
  return std::generic_category().message(errno);
}

struct Refusal {
  int status = exit_failure;
  std::string message;  ///< For people, without a line end.
};

/// Says it on standard error and gives the exit status.
[[nodiscard]] inline int complain(std::string_view subcommand, const Refusal& refusal) {
  std::cerr << "sekisho " << subcommand << ": " << refusal.message << '\n';
  return refusal.status;
}

}  // namespace sekisho::tools
