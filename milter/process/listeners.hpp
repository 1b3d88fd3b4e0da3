// All the sockets at which the daemon listens.
#pragma once

#include "config/options.hpp"
#include "milter/process/listener.hpp"

#include <expected>
#include <optional>
#include <string>

namespace sekisho::milter {

struct Listeners {
  Listener mail;
  std::optional<Listener> metrics;  ///< metrics.listen
  std::optional<Listener> control;  ///< control.socket

  /// As Listener::remove_path().
  void remove_paths();
};

/// Opens those that the options name, or none. `mail` is for the milter's socket alone. An error
/// says which could not be opened and why.
[[nodiscard]] std::expected<Listeners, std::string> open_listeners(const config::Options& options,
                                                                   const Access& mail);

}  // namespace sekisho::milter
