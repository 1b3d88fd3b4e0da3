// Accepts observations and writes them to the store, without ever making the caller wait for it.
#pragma once

#include "report/recorder/options.hpp"
#include "report/store/observation.hpp"
#include "report/store/tallies.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace sekisho::report::recorder {

/// Numbers of messages since the recorder was created.
struct RecorderStatistics {
  std::uint64_t recorded = 0;  ///< Accepted.
  std::uint64_t written = 0;   ///< Written to the store, including those spilled earlier.
  std::uint64_t spilled = 0;   ///< Written to the spill file.
  std::uint64_t dropped = 0;   ///< Lost: the queue or the spill file was full.
  std::uint64_t waiting = 0;   ///< In the queue now.
  bool is_away = false;        ///< The store did not answer the last call.

  bool operator==(const RecorderStatistics&) const = default;
};

/// Log of a recorder. Called on its own thread.
struct RecorderLog {
  std::function<void(const std::string&)> info;
  std::function<void(const std::string&)> warning;
};

/// Takes the tallies of what other hosts, and earlier processes of this one, sent within
/// sent_window. Called on the recorder's own thread, once a minute at most.
using SentElsewhere = std::function<void(const std::vector<store::Tally>&)>;

/// Guarantees:
/// - record() never waits, neither for a disk nor for a server.
/// - stop() loses nothing.
/// - If the process ends suddenly, at most the observations of the last commit_interval are lost,
///   and what was being written.
/// - While the store does not answer, observations go to the spill file. They are written to the
///   store when it answers again, even by a later process, each of them once.
/// - When that file is full, observations are dropped and counted, and a warning is logged once a
///   minute.
///
/// One thread, which starts with the first options that name a store. All members are thread-safe.
class Recorder {
 public:
  /// `sent_elsewhere` is called where RecorderOptions::reads_sent asks for it.
  explicit Recorder(RecorderLog log, SentElsewhere sent_elsewhere = {});
  ~Recorder();  ///< Calls stop().
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  /// Applies new options soon; equal options change nothing. Earlier observations go to the
  /// previous store.
  void set_options(const RecorderOptions& options);

  void record(store::Observation observation);
  /// Adds to the tallies. Of these, RecorderStatistics counts nothing.
  void record(const store::Tally& tally);

  /// Writes or spills all observations, and ends the thread. No more are accepted.
  void stop();

  [[nodiscard]] RecorderStatistics statistics() const;

 private:
  class Shared;
  std::shared_ptr<Shared> shared_;
};

}  // namespace sekisho::report::recorder
