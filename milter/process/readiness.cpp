#include "milter/process/readiness.hpp"

#include "milter/monitor/datagram.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <unistd.h>

namespace sekisho::milter {

namespace {

using std::chrono::microseconds;

std::string_view environment_variable(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nobody sets one
  return value == nullptr ? std::string_view() : value;
}

std::optional<std::uint64_t> environment_number(const char* name) {
  const std::string_view text = environment_variable(name);
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_number = error == std::errc() && end == text.data() + text.size();
  return is_number ? std::optional(number) : std::nullopt;
}

// The protocol of sd_notify(3): one datagram to the socket that NOTIFY_SOCKET names, a path or,
// after "@", an abstract name. Spoken here, since libsystemd would be a megabyte of the daemon's
// memory, most of it decompressors and ciphers for reading journals.
void notify(std::string_view state) {
  const std::string_view name = environment_variable("NOTIFY_SOCKET");
  const int descriptor = name.empty() ? -1 : open_datagram_socket();
  if (descriptor >= 0) {
    static_cast<void>(send_datagram(descriptor, name, state));
    close(descriptor);
  }
}

std::string status_line(std::string text) {
  std::ranges::replace(text, '\n', ' ');  // a line is an assignment of its own
  return "STATUS=" + text;
}

}  // namespace

void tell_ready(const std::string& status) {
  notify("READY=1\n" + status_line(status));
}

// The clock is CLOCK_MONOTONIC: systemd tells by it which reload it is that has begun.
void tell_reloading() {
  const auto now =
      std::chrono::duration_cast<microseconds>(std::chrono::steady_clock::now().time_since_epoch());
  notify("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(now.count()) + "\n" +
         status_line("reloading"));
}

void tell_stopping(std::chrono::milliseconds at_most) {
  constexpr std::chrono::seconds rest{5};  // for what comes after the last message
  const auto needed = std::chrono::duration_cast<microseconds>(at_most + rest);
  notify("STOPPING=1\nEXTEND_TIMEOUT_USEC=" + std::to_string(needed.count()) + "\n" +
         status_line("stopping: messages under way may end"));
}

void tell_alive() {
  notify("WATCHDOG=1");
}

std::optional<microseconds> heartbeat_interval() {
  const auto timeout = environment_number("WATCHDOG_USEC");
  const auto watched = environment_number("WATCHDOG_PID");
  if (!timeout || (watched && *watched != static_cast<std::uint64_t>(getpid()))) {
    return std::nullopt;
  }
  return microseconds(*timeout) / 3;
}

}  // namespace sekisho::milter
