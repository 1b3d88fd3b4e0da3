#include "milter/session/message_limiter.hpp"

namespace sekisho::milter {

MessageLimiter::Pass& MessageLimiter::Pass::operator=(Pass&& other) noexcept {
  std::swap(limiter_, other.limiter_);
  return *this;
}

MessageLimiter::Pass::~Pass() {
  if (limiter_ != nullptr) {
    --limiter_->state_.lock()->under_way;
  }
}

std::optional<MessageLimiter::Pass> MessageLimiter::enter(std::size_t most) {
  const auto state = state_.lock();
  if (state->closed || state->under_way >= most) {
    return std::nullopt;
  }
  ++state->under_way;
  return Pass(*this);
}

void MessageLimiter::close() {
  state_.lock()->closed = true;
}

bool MessageLimiter::is_closed() const {
  return state_.lock()->closed;
}

std::size_t MessageLimiter::under_way() const {
  return state_.lock()->under_way;
}

}  // namespace sekisho::milter
