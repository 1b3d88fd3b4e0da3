// Limits the reports to one owner: forged mail must not flood the owner of a domain (RFC 9991 §2,
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

/// Counts in hours and days that begin with the first report of each owner. Not thread-safe.
class RateLimit {
 public:
  /// Limit of owners counted at the same time; beyond it, other owners get no report.
  static constexpr std::size_t max_owners = 20'000;

  /// Returns true if one more report to all of these owners (owners_of()) may be sent now, and
  /// counts it for each of them.
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
  /// Returns the current count of this owner; null if there is no room for another owner.
  [[nodiscard]] Count* find(const std::string& owner, std::chrono::sys_seconds now);

  std::map<std::string, Count> counts_;
};

}  // namespace sekisho::report::failure
