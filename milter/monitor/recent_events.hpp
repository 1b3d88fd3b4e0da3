// What the daemon remembers to tell people: how its reloads went, and what it refused last.
#pragma once

#include "checkpoint/verdict.hpp"
#include "guarded.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace sekisho::milter {

/// A message or recipient that was not let pass. Its texts are fit to be shown: valid UTF-8 without
/// controls, of a bounded length.
struct Refusal {
  std::chrono::sys_seconds time;
  std::string queue_id;
  std::string action;
  std::string client;
  std::string sender;
  std::string recipient;  ///< Empty: of the message as a whole.
  std::string author;     ///< The domain in From; empty: there is not exactly one.
  std::string reason;
};

/// How a reload ended.
struct ReloadOutcome {
  std::chrono::sys_seconds time;
  std::string refusal;  ///< Empty: it was good.
};

/// Thread-safe.
class RecentEvents {
 public:
  static constexpr std::size_t max_refusals = 20;

  struct Reading {
    std::chrono::sys_seconds started;
    std::uint64_t good_reloads = 0;
    std::uint64_t refused_reloads = 0;
    std::optional<ReloadOutcome> last_reload;
    std::vector<Refusal> refusals;  ///< The latest first.
  };

  explicit RecentEvents(std::chrono::sys_seconds started) : started_(started) {}

  void note_reload(ReloadOutcome outcome);
  /// Accepted messages are not worth remembering.
  void note_message(const checkpoint::Verdict& verdict, std::chrono::sys_seconds now);
  void note_recipient(const checkpoint::Verdict& verdict, std::chrono::sys_seconds now);

  [[nodiscard]] Reading read() const;

 private:
  struct Memory {
    std::uint64_t good_reloads = 0;
    std::uint64_t refused_reloads = 0;
    std::optional<ReloadOutcome> last_reload;
    std::deque<Refusal> refusals;  // the latest first
  };

  void add(Refusal refusal);

  std::chrono::sys_seconds started_;
  mutable Guarded<Memory> memory_;
};

}  // namespace sekisho::milter
