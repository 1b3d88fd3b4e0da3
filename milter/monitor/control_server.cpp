#include "milter/monitor/control_server.hpp"

#include <cerrno>
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

/// False: the socket was shut down.
bool serve_next(int descriptor, const Log& log, const std::function<std::string()>& document) {
  const int connection = accept4(descriptor, nullptr, nullptr, SOCK_CLOEXEC);
  if (connection < 0) {
    if (errno == EINVAL) {
      return false;
    }
    constexpr std::chrono::milliseconds pause{100};  // no descriptors are left, say
    std::this_thread::sleep_for(pause);
    return true;
  }
  try {
    write_all(connection, document());
  } catch (const std::exception& error) {
    log.error(std::string("control socket: ") + error.what());
  }
  close(connection);
  return true;
}

}  // namespace

ControlServer::ControlServer(int descriptor, Log log, std::function<std::string()> document)
    : descriptor_(descriptor),
      thread_([descriptor, log = std::move(log), document = std::move(document)] {
        while (serve_next(descriptor, log, document)) {
        }
      }) {}

ControlServer::~ControlServer() {
  shutdown(descriptor_, SHUT_RDWR);
  thread_.join();
}

}  // namespace sekisho::milter
