// What a daemon does beside the mail: it reloads when told to, reads the key files that were left
// for later, and looks its keys up in the DNS at the start, after a reload and every hour.
#pragma once

#include "milter/environment.hpp"
#include "milter/process/watchers.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include <sys/types.h>

namespace sekisho::milter {

/// When all keys are to be looked up again.
class KeyCheckSchedule {
 public:
  using Time = std::chrono::steady_clock::time_point;

  static constexpr std::chrono::hours interval{1};

  /// The first is, and each that was asked for.
  [[nodiscard]] bool is_due(Time now) const { return now >= next_; }
  void ask() { next_ = Time::min(); }
  void note(Time now) { next_ = now + interval; }

 private:
  Time next_ = Time::min();
};

/// One thread, which lasts as long as the process: the main thread has to wait for signals at all
/// times.
class Maintenance {
 public:
  /// Begins at once. `environment` outlives it.
  Maintenance(Environment& environment, std::string configuration,
              std::shared_ptr<Watchers> watchers);

  /// Has the configuration reloaded, soon. The process `requester` gets an answer
  /// (reload_request.hpp).
  void request_reload(std::optional<pid_t> requester);

 private:
  struct WakeUp;
  std::shared_ptr<WakeUp> wake_up_;
};

}  // namespace sekisho::milter
