// The one that writes for a recorder: into the store, or into the spill file while that is away.
#pragma once

#include "report/recorder/growth_limit.hpp"
#include "report/recorder/options.hpp"
#include "report/recorder/recorder.hpp"
#include "report/recorder/spill.hpp"
#include "report/recorder/store_with_timeout.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sekisho::report::recorder {

/// Of one thread. Logs what changes, and no more than that.
class Writer {
 public:
  using Clock = std::chrono::steady_clock;

  Writer(const RecorderOptions& options, const RecorderLog& log);

  /// Counts the observations; spills those that it cannot.
  void write(std::vector<store::Observation> observations);
  /// Counts one batch of the spill file. False: there is none, or the store is away.
  bool replay();
  /// Tells of messages that were lost before they came here, once a minute.
  void tell_of_lost(std::uint64_t messages);
  /// Whether something waits in the spill file.
  [[nodiscard]] bool has_spilled() const { return spill_ && !spill_->is_empty(); }
  /// When replay() may have something to do.
  [[nodiscard]] Clock::time_point next_try() const { return next_try_; }

  /// `written`, `spilled`, `dropped` and `is_away`.
  [[nodiscard]] const RecorderStatistics& statistics() const { return statistics_; }

 private:
  [[nodiscard]] bool add(const Batch& batch);
  /// Without what would let the store grow without bound.
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
  std::vector<std::string> settled_;   ///< Batches that will not come again.
  std::vector<std::string> replayed_;  ///< Those that are still in the spill file.
  std::uint64_t replayed_messages_ = 0;
  std::uint64_t untold_drops_ = 0;
  GrowthLimit growth_;
  std::uint64_t untold_limited_ = 0;  ///< Messages that growth_ refused.
  Clock::time_point next_telling_{};
  Clock::duration pause_{};
  Clock::time_point next_try_{};
  Clock::time_point next_complaint_{};
  Clock::time_point next_forgetting_{};
  RecorderStatistics statistics_;
};

}  // namespace sekisho::report::recorder
