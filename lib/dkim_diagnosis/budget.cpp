#include "dkim_diagnosis/budget.hpp"

#include <algorithm>
#include <utility>

namespace sekisho::dkim_diagnosis {

Budget::Budget(std::size_t hashes, std::chrono::nanoseconds time, Stopwatch stopwatch)
    : limit_(hashes), time_(time), stopwatch_(std::move(stopwatch)), begin_(stopwatch_()) {}

bool Budget::spend(std::size_t octets) {
  if (spent_ >= limit_) {
    is_exhausted_ = true;
  }
  if (is_exhausted_) {
    return false;
  }
  ++spent_;
  return spend_octets(octets + octets_of_a_hash);
}

bool Budget::spend_octets(std::size_t octets) {
  if (is_exhausted_) {
    return false;
  }
  octets_ += octets;
  if (octets_ >= octets_between_looks) {
    octets_ = 0;
    is_exhausted_ = elapsed() >= time_;
  }
  return !is_exhausted_;
}

Budget Budget::part(double share) const {
  const auto left = std::max(time_ - elapsed(), std::chrono::nanoseconds::zero());
  const auto time = std::chrono::nanoseconds(
      static_cast<std::int64_t>(static_cast<double>(left.count()) * share));
  const std::size_t hashes = limit_ - std::min(spent_, limit_);
  Budget part(static_cast<std::size_t>(static_cast<double>(hashes) * share), time, stopwatch_);
  part.is_exhausted_ = is_exhausted_;
  return part;
}

}  // namespace sekisho::dkim_diagnosis
