// A configuration as the daemon sees it: read again with the rights of its user.
#pragma once

#include "tools/config/host.hpp"

#include <functional>
#include <string>
#include <vector>

namespace sekisho::tools {

/// Lines for people, each with the place and what to do about it.
struct DaemonView {
  std::vector<std::string> errors;  ///< The daemon would not start, or not do what is configured.
  std::vector<std::string> warnings;
};

/// Reads the configuration, the keys, tables and lists that it names, and looks at the folders that
/// the daemon writes to, all as the user of this process. `opens_sockets`: also at its sockets.
[[nodiscard]] DaemonView view_configuration(const std::string& path, bool opens_sockets);

/// Calls `view` in a process of its own with the user and groups of that person. If this process
/// cannot take the user, that is an error.
[[nodiscard]] DaemonView view_as(const Person& person, const std::function<DaemonView()>& view);

}  // namespace sekisho::tools
