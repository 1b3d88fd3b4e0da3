#include "report/aggregate_sender/back_off.hpp"

#include <algorithm>

namespace sekisho::report::aggregate_sender {

std::chrono::sys_seconds next_try(std::chrono::sys_seconds now, std::uint32_t failures_before) {
  constexpr std::uint32_t most_doublings = 5;
  static_assert(std::chrono::days{1U << most_doublings} == longest_back_off);
  // An hour less than whole days: a daily run is not always at the same time.
  constexpr std::chrono::hours slack{1};
  const std::chrono::days days{1U << std::min(failures_before, most_doublings)};
  return now + days - slack;
}

}  // namespace sekisho::report::aggregate_sender
