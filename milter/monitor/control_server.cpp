#include "milter/monitor/control_server.hpp"

#include <chrono>
#include <cstddef>
#include <exception>
#include <string_view>
#include <thread>
#include <utility>

#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace sekisho::milter {

namespace {

/// Gives up where the other side does not read.
void write_all(int connection, std::string_view text) {
  timeval patience{};
  patience.tv_sec = 2;
  setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  while (!text.empty()) {
    const ssize_t sent = send(connection, text.data(), text.size(), MSG_NOSIGNAL);
    if (sent <= 0) {
      return;
    }
    text.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void serve_next(int descriptor, const Log& log, const std::function<std::string()>& document) {
  const int connection = accept4(descriptor, nullptr, nullptr, SOCK_CLOEXEC);
  if (connection < 0) {
    constexpr std::chrono::milliseconds pause{100};  // no descriptors are left, say
    std::this_thread::sleep_for(pause);
    return;
  }
  try {
    write_all(connection, document());
  } catch (const std::exception& error) {
    log.error(std::string("control socket: ") + error.what());
  }
  close(connection);
}

}  // namespace

void start_control_server(int descriptor, Log log, std::function<std::string()> document) {
  std::thread([descriptor, log = std::move(log), document = std::move(document)] {
    while (true) {
      serve_next(descriptor, log, document);
    }
  }).detach();
}

}  // namespace sekisho::milter
