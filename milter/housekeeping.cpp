#include "milter/housekeeping.hpp"

#include "milter/key_reading.hpp"
#include "milter/publication.hpp"
#include "milter/reload.hpp"

#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

namespace sekisho::milter {

namespace {

using Clock = std::chrono::steady_clock;

// For a key that came up between two rounds: one that signs for whatever domain there is.
constexpr std::chrono::minutes step{1};

template <typename Work>
void guarded(const Log& log, const Work& work) {
  try {
    work();
  } catch (const std::exception& error) {
    log.error(std::string("housekeeping: ") + error.what());
  }
}

}  // namespace

struct Housekeeping::Bell {
  /// Until somebody rings or the step is over: whether somebody rang.
  bool wait() {
    std::unique_lock lock(mutex);
    rung.wait_for(lock, step, [this] { return has_rung; });
    return std::exchange(has_rung, false);
  }
  bool is_rung() {
    const std::scoped_lock lock(mutex);
    return has_rung;
  }
  void ring() {
    const std::scoped_lock lock(mutex);
    has_rung = true;
    rung.notify_one();
  }

  std::mutex mutex;
  std::condition_variable rung;
  bool has_rung = false;
};

Housekeeping::Housekeeping(Environment& environment, std::string configuration)
    : bell_(std::make_shared<Bell>()) {
  std::thread([bell = bell_, &environment, configuration = std::move(configuration)] {
    Rounds rounds;
    const auto is_rung = [&bell] { return bell->is_rung(); };
    bool is_new = true;  // the configuration
    while (true) {
      environment.log.tell_left_out();
      if (std::exchange(is_new, false)) {
        guarded(environment.log, [&] { read_left_keys(environment, is_rung); });
      }
      if (rounds.is_due(Clock::now()) || has_unchecked_keys(environment)) {
        guarded(environment.log, [&] { check_publications(environment, is_rung); });
        rounds.note(Clock::now());
      }
      if (bell->wait()) {
        guarded(environment.log, [&] { reload(environment, configuration); });
        rounds.ask();
        is_new = true;
      }
    }
  }).detach();
}

void Housekeeping::request_reload() {
  bell_->ring();
}

}  // namespace sekisho::milter
