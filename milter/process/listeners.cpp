#include "milter/process/listeners.hpp"

#include <utility>

namespace sekisho::milter {

namespace {

OpenedListener open_named(const char* option, const config::Socket& socket,
                          const Access& access = {}) {
  auto listener = Listener::open(socket, access);
  if (!listener) {
    return std::unexpected(std::string(option) + ": " + listener.error());
  }
  return *std::move(listener);
}

}  // namespace

OpenedListener open_metrics(const std::string& listen) {
  if (listen.empty()) {
    return std::nullopt;
  }
  return open_named("metrics.listen", config::parse_address_and_port(listen).value());
}

OpenedListener open_control(const std::string& socket, const Access& mail) {
  if (socket.empty()) {
    return std::nullopt;
  }
  return open_named("control.socket", config::parse_socket(socket).value(),
                    {.owner = mail.owner,
                     .group = mail.other_group,
                     .other_group = std::nullopt,
                     .keeps_umask = mail.keeps_umask});
}

void Listeners::remove_paths() {
  mail.remove_path();
  if (control) {
    control->remove_path();
  }
}

std::expected<Listeners, std::string> open_listeners(const config::Options& options,
                                                     const Access& mail) {
  auto listener = Listener::open(config::parse_socket(options.socket).value(), mail);
  if (!listener) {
    return std::unexpected(std::move(listener).error());
  }
  auto metrics = open_metrics(options.metrics.listen);
  if (!metrics) {
    return std::unexpected(std::move(metrics).error());
  }
  auto control = open_control(options.control.socket, mail);
  if (!control) {
    return std::unexpected(std::move(control).error());
  }
  return Listeners{*std::move(listener), *std::move(metrics), *std::move(control), mail};
}

}  // namespace sekisho::milter
