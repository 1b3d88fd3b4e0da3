// How many reports go to one domain: whoever forges its name must not flood it (RFC 9991 §2, §8.1).
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <string>

namespace sekisho::report {

struct Rate {
  std::size_t per_hour = 0;
  std::size_t per_day = 0;
};

/// Counts in hours and days of each domain's own, which begin with its first report. Not
/// thread-safe.
class RateLimit {
 public:
  /// Domains that are counted at once; while there are so many, no other gets a report.
  static constexpr std::size_t max_domains = 10'000;

  /// Whether one more may go out now; if so, it counts.
  [[nodiscard]] bool admit(const std::string& domain, std::chrono::sys_seconds now,
                           const Rate& rate);

 private:
  struct Window {
    std::chrono::sys_seconds begin;
    std::size_t reports = 0;
  };
  struct Count {
    Window hour;
    Window day;
  };
  [[nodiscard]] bool make_room(std::chrono::sys_seconds now);

  std::map<std::string, Count> counts_;
};

}  // namespace sekisho::report
