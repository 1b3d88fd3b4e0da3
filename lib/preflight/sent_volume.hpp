// What our users sent to large receivers within a day, which makes a sender a bulk sender.
#pragma once

#include "guarded.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace sekisho::preflight {

/// Messages of an author's organizational domain to a receiver, one for each recipient.
struct SentCount {
  std::string author;
  std::string receiver;           ///< A name of the rules, such as "gmail".
  std::chrono::sys_seconds hour;  ///< Its begin.
  std::uint64_t messages = 1;

  bool operator==(const SentCount&) const = default;
};

/// Counts by the hour and adds up those of the last sent_window. Holds no addresses. Thread-safe.
class SentVolume {
 public:
  static constexpr std::chrono::hours sent_window{24};
  /// Pairs of author and receiver beyond these are not counted.
  static constexpr std::size_t max_pairs = 10'000;

  void add(const SentCount& count);
  /// Replaces what other hosts and earlier processes sent, as the store has it.
  void set_elsewhere(std::span<const SentCount> counts);

  /// Returns the messages of the last sent_window, wherever they were sent.
  [[nodiscard]] std::uint64_t messages(const std::string& author, const std::string& receiver,
                                       std::chrono::sys_seconds now) const;
  /// Returns 50, 80 or 100 if that percentage of `limit` is reached, once in a sent_window for
  /// each.
  [[nodiscard]] std::optional<unsigned> newly_reached(const SentCount& count, std::size_t limit,
                                                      std::chrono::sys_seconds now);
  /// Returns the sums of the last sent_window, the largest first; `hour` is not set.
  [[nodiscard]] std::vector<SentCount> sums(std::chrono::sys_seconds now) const;

 private:
  using Hours = std::map<std::chrono::sys_seconds, std::uint64_t>;
  struct Volume {
    Hours here;
    Hours elsewhere;
    unsigned told = 0;  ///< Percentage.
    std::chrono::sys_seconds told_at;
  };
  using Volumes = std::map<std::pair<std::string, std::string>, Volume>;

  [[nodiscard]] static std::uint64_t sum(const Volume& volume, std::chrono::sys_seconds now);
  [[nodiscard]] static Volume* find(Volumes& volumes, const SentCount& count);

  mutable Guarded<Volumes> volumes_;
};

}  // namespace sekisho::preflight
