#include "milter/process/maintenance.hpp"

#include "milter/process/key_publication.hpp"
#include "milter/process/key_reading.hpp"
#include "milter/process/reload.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace sekisho::milter {

namespace {

using Clock = std::chrono::steady_clock;

// For a key that came up between two schedule: one that signs for whatever domain there is.
constexpr std::chrono::minutes step{1};

constexpr std::size_t most_requesters = 100;

template <typename Work>
void guarded(const Log& log, const Work& work) {
  try {
    work();
  } catch (const std::exception& error) {
    log.error(std::string("housekeeping: ") + error.what());
  }
}

}  // namespace

struct Maintenance::WakeUp {
  /// Until somebody rings or the step is over: whether somebody rang. `waiting` gets those who
  /// wait for an answer.
  bool wait(std::vector<pid_t>& waiting) {
    std::unique_lock lock(mutex);
    rung.wait_for(lock, step, [this] { return has_rung; });
    waiting = std::exchange(requesters, {});
    return std::exchange(has_rung, false);
  }
  bool is_rung() {
    const std::scoped_lock lock(mutex);
    return has_rung;
  }
  void ring(std::optional<pid_t> requester) {
    const std::scoped_lock lock(mutex);
    has_rung = true;
    if (requester && requesters.size() < most_requesters) {
      requesters.push_back(*requester);
    }
    rung.notify_one();
  }

  std::mutex mutex;
  std::condition_variable rung;
  bool has_rung = false;
  std::vector<pid_t> requesters;
};

Maintenance::Maintenance(Environment& environment, std::string configuration,
                         std::shared_ptr<Watchers> watchers)
    : wake_up_(std::make_shared<WakeUp>()) {
  std::thread([wake_up = wake_up_, &environment, configuration = std::move(configuration),
               watchers = std::move(watchers)] {
    std::vector<pid_t> waiting;
    KeyCheckSchedule schedule;
    const auto is_rung = [&wake_up] { return wake_up->is_rung(); };
    bool is_new = true;  // the configuration
    while (true) {
      environment.log.tell_left_out();
      if (std::exchange(is_new, false)) {
        guarded(environment.log, [&] { read_left_keys(environment, is_rung); });
      }
      if (schedule.is_due(Clock::now()) || has_unchecked_keys(environment)) {
        guarded(environment.log, [&] { check_publications(environment, is_rung); });
        schedule.note(Clock::now());
      }
      if (wake_up->wait(waiting)) {
        guarded(environment.log, [&] {
          const ReloadAnswer answer = reload(environment, configuration, *watchers);
          for (const pid_t requester : waiting) {
            answer_reload(requester, answer);
          }
        });
        schedule.ask();
        is_new = true;
      }
    }
  }).detach();
}

void Maintenance::request_reload(std::optional<pid_t> requester) {
  wake_up_->ring(requester);
}

}  // namespace sekisho::milter
