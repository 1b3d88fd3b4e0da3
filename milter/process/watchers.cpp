#include "milter/process/watchers.hpp"

#include <utility>

namespace sekisho::milter {

Watchers::Watchers(const Environment& environment, Pages pages)
    : environment_(environment), pages_(std::move(pages)) {}

std::expected<void, std::string> Watchers::start(Listeners& listeners,
                                                 const config::DaemonOptions& options) {
  const std::scoped_lock lock(mutex_);
  access_ = listeners.access;
  access_.keeps_umask = true;  // from now on there are other threads
  control_at_ = options.control.socket;
  metrics_at_ = options.metrics.listen;
  serve_control(std::exchange(listeners.control, std::nullopt));
  return serve_metrics(std::exchange(listeners.metrics, std::nullopt));
}

std::vector<std::string> Watchers::follow(const config::DaemonOptions& options) {
  const std::scoped_lock lock(mutex_);
  std::vector<std::string> problems;
  if (const auto moved = move_metrics(options.metrics.listen); !moved) {
    problems.push_back(moved.error());
  }
  if (const auto moved = move_control(options.control.socket); !moved) {
    problems.push_back(moved.error());
  }
  return problems;
}

void Watchers::remove_paths() {
  const std::scoped_lock lock(mutex_);
  if (control_listener_) {
    control_listener_->remove_path();
  }
}

std::expected<void, std::string> Watchers::serve_metrics(std::optional<Listener> listener) {
  if (!listener) {
    return {};
  }
  auto server = MetricsServer::start(listener->descriptor(), pages_.metrics);
  if (!server) {
    return std::unexpected("metrics.listen: " + server.error());
  }
  environment_.log.info("metrics: listening at " + listener->name());
  metrics_ = *std::move(server);
  metrics_listener_ = std::move(listener);
  return {};
}

void Watchers::serve_control(std::optional<Listener> listener) {
  control_.reset();
  control_listener_ = std::move(listener);
  if (control_listener_) {
    control_.emplace(control_listener_->descriptor(), environment_.log, pages_.status);
  }
}

std::expected<void, std::string> Watchers::move_metrics(const std::string& listen) {
  if (listen == metrics_at_) {
    return {};
  }
  auto listener = open_metrics(listen);
  if (!listener) {
    return std::unexpected(std::move(listener).error());
  }
  metrics_at_ = listen;
  metrics_.reset();
  metrics_listener_.reset();
  return serve_metrics(*std::move(listener));
}

std::expected<void, std::string> Watchers::move_control(const std::string& socket) {
  if (socket == control_at_) {
    return {};
  }
  auto listener = open_control(socket, access_);
  if (!listener) {
    return std::unexpected(std::move(listener).error());
  }
  control_at_ = socket;
  serve_control(*std::move(listener));
  return {};
}

}  // namespace sekisho::milter
