// Takes observations from whoever has them, without ever waiting for the store.
#pragma once

#include "report/recorder/options.hpp"
#include "report/store/observation.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace sekisho::report::recorder {

/// Messages, since the recorder was made.
struct RecorderStatistics {
  std::uint64_t recorded = 0;  ///< Taken.
  std::uint64_t written = 0;   ///< Counted in the store, those that were spilled before included.
  std::uint64_t spilled = 0;   ///< Put into the spill file.
  std::uint64_t dropped = 0;   ///< Lost: the queue was full, or the spill file.
  std::uint64_t waiting = 0;   ///< In the queue now.
  bool is_away = false;        ///< The store did not answer last time.

  bool operator==(const RecorderStatistics&) const = default;
};

/// Where a recorder tells what goes on. Called on its own thread.
struct RecorderLog {
  std::function<void(const std::string&)> info;
  std::function<void(const std::string&)> warning;
};

/// What it promises:
/// - record() never waits: neither for a disk nor for a server.
/// - A stop() loses nothing.
/// - The end of the process, however sudden, costs at most what was recorded within the last
///   commit_interval and what was being written then.
/// - While the store is away, observations go to the spill file, from which they are counted when
///   it is back, also by a later process: each of them once.
/// - When that file is full they are dropped, counted, and told of once a minute.
///
/// One thread, which begins with the first options that have a store. All members may be called
/// from any thread.
class Recorder {
 public:
  explicit Recorder(RecorderLog log);
  ~Recorder();  ///< As stop().
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  /// Takes effect soon, and with the same options not at all. What was recorded before goes to the
  /// store of before.
  void set_options(const RecorderOptions& options);

  void record(store::Observation observation);

  /// Counts or spills what was recorded, and ends the thread. Nothing is taken afterwards.
  void stop();

  [[nodiscard]] RecorderStatistics statistics() const;

 private:
  class Shared;
  std::shared_ptr<Shared> shared_;
};

}  // namespace sekisho::report::recorder
