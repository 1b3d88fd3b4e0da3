#include "milter/readiness.hpp"

#include <algorithm>
#include <cstdint>

#include <systemd/sd-daemon.h>

namespace sekisho::milter {

namespace {

using std::chrono::microseconds;

void notify(const std::string& state) {
  static_cast<void>(sd_notify(/*unset_environment=*/0, state.c_str()));
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
  std::uint64_t timeout = 0;
  if (sd_watchdog_enabled(/*unset_environment=*/0, &timeout) <= 0) {
    return std::nullopt;
  }
  return microseconds(timeout) / 3;
}

}  // namespace sekisho::milter
