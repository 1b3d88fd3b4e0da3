#include "milter/monitor/repeat_limit.hpp"

namespace sekisho::milter {

bool RepeatLimit::admit(std::string_view kind, Time now) {
  auto found = kinds_.find(kind);
  if (found == kinds_.end()) {
    const bool full = kinds_.size() >= max_kinds;
    found = kinds_.try_emplace(full ? std::string() : std::string(kind), Minute{now}).first;
  }
  return ++found->second.count <= per_minute;
}

std::vector<RepeatLimit::LeftOut> RepeatLimit::collect(Time now) {
  std::vector<LeftOut> left_out;
  std::erase_if(kinds_, [&](const auto& entry) {
    const auto& [kind, minute] = entry;
    const bool is_over = now - minute.begin >= std::chrono::minutes{1};
    if (is_over && minute.count > per_minute) {
      left_out.push_back({kind, minute.count - per_minute});
    }
    return is_over;
  });
  return left_out;
}

}  // namespace sekisho::milter
