// How much work a diagnosis may do.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace sekisho::dkim_diagnosis {

/// Tells the time since some moment; a parameter, so that tests do without a clock.
using Stopwatch = std::function<std::chrono::nanoseconds()>;

/// What a diagnosis may spend, and what it has spent. Not thread-safe.
class Budget {
 public:
  static constexpr std::size_t default_hashes = 2'000'000;

  Budget(std::size_t hashes, std::chrono::nanoseconds time, Stopwatch stopwatch);

  /// Counts a hash over `octets`. Returns false if nothing is left, and then the work must not be
  /// done.
  [[nodiscard]] bool spend(std::size_t octets);
  /// Counts a copy of `octets`, which is cheaper than a hash.
  [[nodiscard]] bool copy(std::size_t octets) { return spend_octets(octets / 4); }
  /// Counts a public-key operation.
  [[nodiscard]] bool spend_verification() { return spend(verification_octets); }
  /// True once work was refused: what was not found may be there.
  [[nodiscard]] bool is_exhausted() const { return is_exhausted_; }
  [[nodiscard]] std::size_t hashes() const { return spent_; }
  [[nodiscard]] std::chrono::nanoseconds elapsed() const { return stopwatch_() - begin_; }
  /// Returns a budget for a part of the work: `share` of what is left.
  [[nodiscard]] Budget part(double share) const;
  /// Adds what a part has spent.
  void add(const Budget& part) { spent_ += part.spent_; }

 private:
  // The clock is read once for so many octets, a hash counted as some.
  static constexpr std::size_t octets_between_looks = 131'072;
  static constexpr std::size_t octets_of_a_hash = 512;
  static constexpr std::size_t verification_octets = 65'536;

  bool spend_octets(std::size_t octets);

  std::size_t limit_;
  std::chrono::nanoseconds time_;
  Stopwatch stopwatch_;
  std::chrono::nanoseconds begin_;
  std::size_t spent_ = 0;
  std::size_t octets_ = 0;  ///< Since the clock was read.
  bool is_exhausted_ = false;
};

}  // namespace sekisho::dkim_diagnosis
