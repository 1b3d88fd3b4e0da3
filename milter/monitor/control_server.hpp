// The control socket: whoever connects is told how the daemon fares, and that is all.
#pragma once

#include "milter/monitor/log.hpp"

#include <functional>
#include <string>
#include <thread>

namespace sekisho::milter {

/// A thread that writes what `document` makes to each connection of a listening socket, reads
/// nothing, and closes it. One at a time; none holds it up for long.
class ControlServer {
 public:
  /// `descriptor` is a listening socket that outlives this.
  ControlServer(int descriptor, Log log, std::function<std::string()> document);
  ControlServer(const ControlServer&) = delete;
  ControlServer(ControlServer&&) = delete;
  ControlServer& operator=(const ControlServer&) = delete;
  ControlServer& operator=(ControlServer&&) = delete;
  /// Shuts the listening socket down and ends the thread, within two seconds.
  ~ControlServer();

 private:
  int descriptor_;
  std::thread thread_;
};

}  // namespace sekisho::milter
