#include "report/recorder/recorder.hpp"

#include "report/recorder/writer.hpp"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace sekisho::report::recorder {

/// What the thread and those who record have in common.
class Recorder::Shared {
 public:
  explicit Shared(RecorderLog log) : log_(std::move(log)) {}

  void set_options(const RecorderOptions& options);
  void record(store::Observation observation);
  void stop();
  [[nodiscard]] RecorderStatistics statistics() const;

 private:
  using Clock = Writer::Clock;
  struct Work {
    std::vector<store::Observation> observations;
    std::uint64_t lost = 0;                  ///< Messages for which the queue had no room.
    std::optional<RecorderOptions> options;  ///< New ones.
    std::chrono::milliseconds interval{0};   ///< Of commits.
    bool is_last = false;
  };

  void run();
  [[nodiscard]] Work wait_for_work(std::optional<Clock::time_point> wake_up);
  void work_on(Work work);
  void open_writer(const RecorderOptions& options);
  void write(Work work);
  [[nodiscard]] bool is_full() const { return queue_.size() >= options_.queue; }
  [[nodiscard]] bool is_urgent() const {
    return is_stopping_ || has_new_options_ || queue_.size() >= options_.queue / 2;
  }

  RecorderLog log_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  RecorderOptions options_;
  std::vector<store::Observation> queue_;
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
  const auto has_work = [this] { return !queue_.empty() || is_urgent(); };
  if (wake_up) {
    changed_.wait_until(lock, *wake_up, has_work);
  } else {
    changed_.wait(lock, has_work);
  }
  if (!queue_.empty()) {
    changed_.wait_for(lock, options_.commit_interval, [this] { return is_urgent(); });
  }
  Work work;
  work.interval = options_.commit_interval;
  work.observations = std::exchange(queue_, {});
  queue_.reserve(work.observations.size());
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
  writer_->write(std::move(work.observations));
  writer_->tell_of_lost(work.lost);
  const auto end = Clock::now() + work.interval;
  while (writer_->replay() && Clock::now() < end) {
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

void Recorder::Shared::run() {
  bool is_last = false;
  while (!is_last) {
    std::optional<Clock::time_point> wake_up;
    if (writer_ && writer_->has_spilled()) {
      wake_up = writer_->next_try();
    }
    Work work = wait_for_work(wake_up);
    is_last = work.is_last;
    try {
      work_on(std::move(work));
    } catch (const std::exception& error) {
      log_.warning(std::string("feedback: ") + error.what());
    }
  }
  writer_.reset();
}

Recorder::Recorder(RecorderLog log) : shared_(std::make_shared<Shared>(std::move(log))) {}

Recorder::~Recorder() {
  stop();
}

void Recorder::set_options(const RecorderOptions& options) {
  shared_->set_options(options);
}
void Recorder::record(store::Observation observation) {
  shared_->record(std::move(observation));
}
void Recorder::stop() {
  shared_->stop();
}
RecorderStatistics Recorder::statistics() const {
  return shared_->statistics();
}

}  // namespace sekisho::report::recorder
