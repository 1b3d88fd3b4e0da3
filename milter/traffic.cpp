#include "milter/traffic.hpp"

namespace sekisho::milter {

Traffic::Pass& Traffic::Pass::operator=(Pass&& other) noexcept {
  std::swap(traffic_, other.traffic_);
  return *this;
}

Traffic::Pass::~Pass() {
  if (traffic_ != nullptr) {
    --traffic_->state_.lock()->under_way;
  }
}

std::optional<Traffic::Pass> Traffic::enter(std::size_t most) {
  const auto state = state_.lock();
  if (state->closed || state->under_way >= most) {
    return std::nullopt;
  }
  ++state->under_way;
  return Pass(*this);
}

void Traffic::close() {
  state_.lock()->closed = true;
}

bool Traffic::is_closed() const {
  return state_.lock()->closed;
}

std::size_t Traffic::under_way() const {
  return state_.lock()->under_way;
}

}  // namespace sekisho::milter
