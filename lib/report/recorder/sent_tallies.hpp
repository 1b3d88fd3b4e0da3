// What other hosts and earlier processes sent, by the store.
#pragma once

#include "report/store/tallies.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <tuple>
#include <vector>

namespace sekisho::report::recorder {

/// Time for which sent messages count.
inline constexpr std::chrono::hours sent_window{24};

/// Not thread-safe.
class SentTallies {
 public:
  /// Notes what this process has in the store.
  void note_own(std::span<const store::Tally> tallies);
  /// Returns what is left of the store's tallies without this process's own.
  [[nodiscard]] std::vector<store::Tally> without_own(std::vector<store::Tally> in_store) const;
  /// Forgets what began before `first`.
  void forget_before(std::chrono::sys_seconds first);

 private:
  using Key = std::tuple<std::chrono::sys_seconds, std::string, std::string>;
  [[nodiscard]] static Key key_of(const store::Tally& tally);

  std::map<Key, std::uint64_t> own_;
};

}  // namespace sekisho::report::recorder
