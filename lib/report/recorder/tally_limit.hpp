// Limits the rows of tallies that strangers can create in a day: they choose domains and lists.
#pragma once

#include "report/store/tallies.hpp"

#include <chrono>
#include <cstddef>
#include <set>
#include <string>

namespace sekisho::report::recorder {

/// Remembers one UTC day. Not thread-safe.
class TallyLimit {
 public:
  static constexpr std::size_t max_rows = 10'000;  ///< Of TallyKind::change, in a day.

  /// Returns the tally as it is to be counted. Beyond max_rows it loses author and party, of which
  /// there is no end; its detail stays. What our own users send is not limited.
  [[nodiscard]] store::Tally admit(store::Tally tally);

 private:
  std::chrono::sys_days day_;
  std::set<std::string> rows_;
};

}  // namespace sekisho::report::recorder
