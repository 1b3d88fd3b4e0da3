// Writes for a recorder: to the store, or to the spill file while the store does not answer.
#pragma once

#include "report/recorder/growth_limit.hpp"
#include "report/recorder/options.hpp"
#include "report/recorder/recorder.hpp"
#include "report/recorder/sent_tallies.hpp"
#include "report/recorder/spill.hpp"
#include "report/recorder/store_with_timeout.hpp"
#include "report/recorder/tally_limit.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sekisho::report::recorder {

/// For one thread. Logs changes of state only.
class Writer {
 public:
  using Clock = std::chrono::steady_clock;

  Writer(const RecorderOptions& options, const RecorderLog& log);

  /// Writes to the store; spills what it cannot write.
  void write(std::vector<store::Observation> observations, std::vector<store::Tally> tallies);
  /// Writes one batch of the spill file to the store. Returns false if there is none, or the store
  /// does not answer.
  bool replay();
  /// Logs the number of messages lost by the caller, once a minute.
  void tell_of_lost(std::uint64_t messages);
  /// Returns true if the spill file has batches.
  [[nodiscard]] bool has_spilled() const { return spill_ && !spill_->is_empty(); }
  /// Returns when replay() should be called next.
  [[nodiscard]] Clock::time_point next_try() const { return next_try_; }

  /// Returns when read_sent_elsewhere() should be called next; max() where it is not wanted.
  [[nodiscard]] Clock::time_point next_reading() const { return next_reading_; }
  /// Returns what others have in the store; nullopt if it does not answer.
  [[nodiscard]] std::optional<std::vector<store::Tally>> read_sent_elsewhere();

  /// `written`, `spilled`, `dropped` and `is_away`.
  [[nodiscard]] const RecorderStatistics& statistics() const { return statistics_; }

 private:
  [[nodiscard]] bool add(const Batch& batch);
  /// Returns the observations within the limits of growth.
  [[nodiscard]] std::vector<store::Observation> limited(
      std::vector<store::Observation> observations);
  void note_away(const store::StoreError& error);
  void note_back();
  void spill(const Batch& batch);
  void forget_old();
  [[nodiscard]] std::string where() const;

  RecorderOptions options_;
  const RecorderLog& log_;
  std::string identity_;
  std::uint64_t batches_ = 0;
  std::optional<store::Location> location_;
  std::optional<StoreWithTimeout> store_;
  std::optional<Spill> spill_;
  std::vector<std::string> settled_;   ///< Names of batches that will not be written again.
  std::vector<std::string> replayed_;  ///< Written, and still in the spill file.
  std::uint64_t replayed_messages_ = 0;
  std::uint64_t untold_drops_ = 0;
  GrowthLimit growth_;
  TallyLimit tally_limit_;
  SentTallies sent_;
  std::uint64_t untold_limited_ = 0;  ///< Messages refused by growth_, not logged yet.
  Clock::time_point next_telling_{};
  Clock::duration pause_{};
  Clock::time_point next_try_{};
  Clock::time_point next_complaint_{};
  Clock::time_point next_forgetting_{};
  Clock::time_point next_reading_ = Clock::time_point::max();
  RecorderStatistics statistics_;
};

}  // namespace sekisho::report::recorder
