#include "report/recorder/recorder.hpp"

#include "report/recorder/writer.hpp"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>

namespace sekisho::report::recorder {

/// What the thread and those who record have in common.
class Recorder::Shared {
 public:
  Shared(RecorderLog log, SentElsewhere sent_elsewhere)
      : log_(std::move(log)), sent_elsewhere_(std::move(sent_elsewhere)) {}

  void set_options(const RecorderOptions& options);
  void record(store::Observation observation);
  void record(const store::Tally& tally);
  void stop();
  [[nodiscard]] RecorderStatistics statistics() const;

 private:
  using Clock = Writer::Clock;
  struct Work {
    std::vector<store::Observation> observations;
    std::vector<store::Tally> tallies;
    std::uint64_t lost = 0;                  ///< Messages for which the queue had no room.
    std::optional<RecorderOptions> options;  ///< New ones.
    std::chrono::milliseconds interval{0};   ///< Of commits.
    bool is_last = false;
  };

  using TallyKey =
      std::tuple<store::TallyKind, std::chrono::sys_seconds, std::string, std::string, std::string>;

  void run();
  [[nodiscard]] std::optional<Clock::time_point> next_wake_up() const;
  [[nodiscard]] Work wait_for_work(std::optional<Clock::time_point> wake_up);
  void work_on(Work work);
  void open_writer(const RecorderOptions& options);
  void write(Work work);
  [[nodiscard]] bool has_work() const { return !queue_.empty() || !tallies_.empty(); }
  [[nodiscard]] bool is_full() const { return queue_.size() >= options_.queue; }
  [[nodiscard]] bool is_urgent() const {
    return is_stopping_ || has_new_options_ || queue_.size() >= options_.queue / 2;
  }

  RecorderLog log_;
  SentElsewhere sent_elsewhere_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  RecorderOptions options_;
  std::vector<store::Observation> queue_;
  std::map<TallyKey, store::Tally> tallies_;
  std::uint64_t lost_ = 0;  ///< See Work.
  RecorderStatistics statistics_;
  bool has_new_options_ = false;
  bool is_stopping_ = false;
  std::thread thread_;
  std::optional<Writer> writer_;  ///< The thread's own.
};

void Recorder::Shared::set_options(const RecorderOptions& options) {
  const std::scoped_lock lock(mutex_);
  if (options == options_ || is_stopping_) {
    return;
  }
  options_ = options;
  if (thread_.joinable()) {
    has_new_options_ = true;
    changed_.notify_one();
  } else if (!options_.store.empty()) {
    has_new_options_ = true;
    thread_ = std::thread([this] { run(); });
  }
}

void Recorder::Shared::record(store::Observation observation) {
  const std::scoped_lock lock(mutex_);
  if (options_.store.empty() || is_stopping_) {
    return;
  }
  ++statistics_.recorded;
  if (is_full()) {
    ++lost_;
    return;
  }
  queue_.push_back(std::move(observation));
  if (queue_.size() == 1 || is_urgent()) {
    changed_.notify_one();
  }
}

void Recorder::Shared::record(const store::Tally& tally) {
  const std::scoped_lock lock(mutex_);
  if (options_.store.empty() || is_stopping_) {
    return;
  }
  const auto found = tallies_.find(TallyKey(tally.key()));
  if (found != tallies_.end()) {
    found->second.messages += tally.messages;
    return;
  }
  if (tallies_.size() >= options_.queue) {
    ++lost_;
    return;
  }
  tallies_.emplace(tally.key(), tally);
  if (tallies_.size() == 1) {
    changed_.notify_one();
  }
}

void Recorder::Shared::stop() {
  std::thread thread;
  {
    const std::scoped_lock lock(mutex_);
    is_stopping_ = true;
    changed_.notify_one();
    thread.swap(thread_);
  }
  if (thread.joinable()) {
    thread.join();
  }
}

RecorderStatistics Recorder::Shared::statistics() const {
  const std::scoped_lock lock(mutex_);
  RecorderStatistics result = statistics_;
  result.waiting = queue_.size();
  result.dropped += lost_;
  return result;
}

// Sleeps while there is nothing to do. With the first message a batch begins, which lasts for a
// commit_interval, or until the queue is half full.
Recorder::Shared::Work Recorder::Shared::wait_for_work(std::optional<Clock::time_point> wake_up) {
  std::unique_lock lock(mutex_);
  const auto may_go_on = [this] { return has_work() || is_urgent(); };
  if (wake_up) {
    changed_.wait_until(lock, *wake_up, may_go_on);
  } else {
    changed_.wait(lock, may_go_on);
  }
  if (has_work()) {
    changed_.wait_for(lock, options_.commit_interval, [this] { return is_urgent(); });
  }
  Work work;
  work.interval = options_.commit_interval;
  work.observations = std::exchange(queue_, {});
  queue_.reserve(work.observations.size());
  for (auto& [key, tally] : std::exchange(tallies_, {})) {
    work.tallies.push_back(std::move(tally));
  }
  work.lost = std::exchange(lost_, 0);
  statistics_.dropped += work.lost;
  if (std::exchange(has_new_options_, false)) {
    work.options = options_;
  }
  work.is_last = is_stopping_;
  return work;
}

void Recorder::Shared::open_writer(const RecorderOptions& options) {
  writer_.reset();
  if (!options.store.empty()) {
    writer_.emplace(options, log_);
  }
}

// What was spilled is counted for no longer than a batch lasts: meanwhile the queue fills.
void Recorder::Shared::write(Work work) {
  const RecorderStatistics before = writer_->statistics();
  writer_->write(std::move(work.observations), std::move(work.tallies));
  writer_->tell_of_lost(work.lost);
  const auto end = Clock::now() + work.interval;
  while (writer_->replay() && Clock::now() < end) {
  }
  if (sent_elsewhere_ && writer_->next_reading() <= Clock::now()) {
    if (const auto tallies = writer_->read_sent_elsewhere()) {
      sent_elsewhere_(*tallies);
    }
  }
  const RecorderStatistics& after = writer_->statistics();
  const std::scoped_lock lock(mutex_);
  statistics_.written += after.written - before.written;
  statistics_.spilled += after.spilled - before.spilled;
  statistics_.dropped += after.dropped - before.dropped;
  statistics_.is_away = after.is_away;
}

// What came before new options belongs to the store of before.
void Recorder::Shared::work_on(Work work) {
  const std::optional<RecorderOptions> options = std::move(work.options);
  const bool has_store = writer_.has_value();
  if (!has_store && options) {
    open_writer(*options);
  }
  if (writer_) {
    write(std::move(work));
  }
  if (has_store && options) {
    open_writer(*options);
  }
}

std::optional<Writer::Clock::time_point> Recorder::Shared::next_wake_up() const {
  if (!writer_) {
    return std::nullopt;
  }
  const auto reading = sent_elsewhere_ ? writer_->next_reading() : Clock::time_point::max();
  const auto replay = writer_->has_spilled() ? writer_->next_try() : Clock::time_point::max();
  const auto first = std::min(reading, replay);
  return first == Clock::time_point::max() ? std::nullopt : std::optional(first);
}

void Recorder::Shared::run() {
  bool is_last = false;
  while (!is_last) {
    Work work = wait_for_work(next_wake_up());
    is_last = work.is_last;
    try {
      work_on(std::move(work));
    } catch (const std::exception& error) {
      log_.warning(std::string("feedback: ") + error.what());
    }
  }
  writer_.reset();
}

Recorder::Recorder(RecorderLog log, SentElsewhere sent_elsewhere)
    : shared_(std::make_shared<Shared>(std::move(log), std::move(sent_elsewhere))) {}

Recorder::~Recorder() {
  stop();
}

void Recorder::set_options(const RecorderOptions& options) {
  shared_->set_options(options);
}
void Recorder::record(store::Observation observation) {
  shared_->record(std::move(observation));
}
void Recorder::record(const store::Tally& tally) {
  shared_->record(tally);
}
void Recorder::stop() {
  shared_->stop();
}
RecorderStatistics Recorder::statistics() const {
  return shared_->statistics();
}

}  // namespace sekisho::report::recorder
