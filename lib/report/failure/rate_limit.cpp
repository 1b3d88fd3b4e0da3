#include "report/failure/rate_limit.hpp"

namespace sekisho::report {

namespace {

using std::chrono::sys_seconds;

constexpr std::chrono::hours hour{1};
constexpr std::chrono::hours day{24};

// A clock that was set back begins anew, too.
bool is_over(sys_seconds begin, sys_seconds now, std::chrono::hours length) {
  return now >= begin + length || now < begin;
}

}  // namespace

bool RateLimit::make_room(sys_seconds now) {
  if (counts_.size() >= max_domains) {
    std::erase_if(counts_,
                  [&](const auto& entry) { return is_over(entry.second.day.begin, now, day); });
  }
  return counts_.size() < max_domains;
}

bool RateLimit::admit(const std::string& domain, sys_seconds now, const Rate& rate) {
  auto found = counts_.find(domain);
  if (found == counts_.end()) {
    if (!make_room(now)) {
      return false;
    }
    found = counts_.emplace(domain, Count{{now, 0}, {now, 0}}).first;
  }
  Count& count = found->second;
  if (is_over(count.hour.begin, now, hour)) {
    count.hour = {now, 0};
  }
  if (is_over(count.day.begin, now, day)) {
    count.day = {now, 0};
  }
  if (count.hour.reports >= rate.per_hour || count.day.reports >= rate.per_day) {
    return false;
  }
  ++count.hour.reports;
  ++count.day.reports;
  return true;
}

}  // namespace sekisho::report
