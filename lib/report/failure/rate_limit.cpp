#include "report/failure/rate_limit.hpp"

namespace sekisho::report::failure {

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
  if (counts_.size() >= max_owners) {
    std::erase_if(counts_,
                  [&](const auto& entry) { return is_over(entry.second.day.begin, now, day); });
  }
  return counts_.size() < max_owners;
}

RateLimit::Count* RateLimit::find(const std::string& owner, sys_seconds now) {
  auto found = counts_.find(owner);
  if (found == counts_.end()) {
    if (!make_room(now)) {
      return nullptr;
    }
    found = counts_.emplace(owner, Count{{now, 0}, {now, 0}}).first;
  }
  Count& count = found->second;
  if (is_over(count.hour.begin, now, hour)) {
    count.hour = {now, 0};
  }
  if (is_over(count.day.begin, now, day)) {
    count.day = {now, 0};
  }
  return &count;
}

bool RateLimit::admit(std::span<const std::string> owners, sys_seconds now, const Rate& rate) {
  for (const std::string& owner : owners) {
    const Count* count = find(owner, now);
    if (count == nullptr || count->hour.reports >= rate.per_hour ||
        count->day.reports >= rate.per_day) {
      return false;
    }
  }
  for (const std::string& owner : owners) {
    if (Count* count = find(owner, now)) {
      ++count->hour.reports;
      ++count->day.reports;
    }
  }
  return true;
}

}  // namespace sekisho::report::failure
