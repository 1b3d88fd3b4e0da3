// How many reports go to one owner: whoever forges a domain's name must not flood it (RFC 9991 §2,
// §8.1).
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <span>
#include <string>

namespace sekisho::report::failure {

struct Rate {
  std::size_t per_hour = 0;
  std::size_t per_day = 0;
};

/// Counts in hours and days of each owner's own, which begin with its first report. Not
/// thread-safe.
class RateLimit {
 public:
  /// Owners that are counted at once; while there are so many, no other gets a report.
  static constexpr std::size_t max_owners = 20'000;

  /// Whether one more report to all of these owners (owners_of()) may go out now; if so, it counts
  /// for each of them.
  [[nodiscard]] bool admit(std::span<const std::string> owners, std::chrono::sys_seconds now,
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
  /// The count of this owner now; null: there is no room for another one.
  [[nodiscard]] Count* find(const std::string& owner, std::chrono::sys_seconds now);

  std::map<std::string, Count> counts_;
};

}  // namespace sekisho::report::failure
