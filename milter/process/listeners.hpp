// All the sockets at which the daemon listens.
#pragma once

#include "config/options.hpp"
#include "milter/process/listener.hpp"

#include <expected>
#include <optional>
#include <string>

namespace sekisho::milter {

using OpenedListener = std::expected<std::optional<Listener>, std::string>;

/// Opens the address of metrics.listen; nothing if it is empty. An error names the option.
[[nodiscard]] OpenedListener open_metrics(const std::string& listen);
/// Opens control.socket, likewise. It is not for the MTA: of `mail`, the access to the milter's
/// socket, it takes the owner and the daemon's own group.
[[nodiscard]] OpenedListener open_control(const std::string& socket, const Access& mail);

struct Listeners {
  Listener mail;
  std::optional<Listener> metrics;  ///< metrics.listen
  std::optional<Listener> control;  ///< control.socket
  Access access;                    ///< Of `mail`.

  /// As Listener::remove_path().
  void remove_paths();
};

/// Opens those that the options name, or none. `mail` is for the milter's socket alone. An error
/// says which could not be opened and why.
[[nodiscard]] std::expected<Listeners, std::string> open_listeners(const config::Options& options,
                                                                   const Access& mail);

}  // namespace sekisho::milter
