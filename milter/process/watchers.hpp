// The servers for those who watch the daemon: metrics and control socket. A reload opens, moves and
// closes them.
#pragma once

#include "milter/environment.hpp"
#include "milter/monitor/control_server.hpp"
#include "milter/monitor/metrics_server.hpp"
#include "milter/process/listeners.hpp"

#include <expected>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace sekisho::milter {

/// May be used by several threads.
class Watchers {
 public:
  /// What the servers show; called on their threads.
  struct Pages {
    MetricsPages metrics;
    std::function<std::string()> status;
  };

  /// `environment` outlives it.
  Watchers(const Environment& environment, Pages pages);

  /// Takes the open sockets and serves at them. An error says which server does not start.
  [[nodiscard]] std::expected<void, std::string> start(Listeners& listeners,
                                                       const config::DaemonOptions& options);

  /// Opens what the options name and is not open, and closes what they do not name any more. Where
  /// that fails, the server stays where it was: a line for each.
  [[nodiscard]] std::vector<std::string> follow(const config::DaemonOptions& options);

  /// As Listener::remove_path(), of both.
  void remove_paths();

 private:
  [[nodiscard]] std::expected<void, std::string> serve_metrics(std::optional<Listener> listener);
  void serve_control(std::optional<Listener> listener);
  [[nodiscard]] std::expected<void, std::string> move_metrics(const std::string& listen);
  [[nodiscard]] std::expected<void, std::string> move_control(const std::string& socket);

  const Environment& environment_;
  Pages pages_;
  std::mutex mutex_;
  Access access_;
  std::string metrics_at_;  // metrics.listen, as it is served
  std::string control_at_;  // control.socket, likewise
  std::optional<Listener> metrics_listener_;
  std::optional<Listener> control_listener_;
  std::optional<MetricsServer> metrics_;
  std::optional<ControlServer> control_;
};

}  // namespace sekisho::milter
