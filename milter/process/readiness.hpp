// What the daemon tells systemd of its state (sd_notify(3)). Where another started it, nobody
// listens, and nothing happens.
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace sekisho::milter {

/// It serves, at the start or again after a reload. `status` is one line for people.
void tell_ready(const std::string& status);
/// A reload begins; tell_ready() follows, however it ends.
void tell_reloading();
/// A stop begins, which may take this long.
void tell_stopping(std::chrono::milliseconds at_most);
/// It is alive.
void tell_alive();

/// How often tell_alive() is expected, with time to spare; nullopt: not at all.
[[nodiscard]] std::optional<std::chrono::microseconds> heartbeat_interval();

}  // namespace sekisho::milter
