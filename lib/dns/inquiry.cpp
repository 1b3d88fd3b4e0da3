#include "dns/inquiry.hpp"

#include <algorithm>
#include <utility>

namespace sekisho::dns {

namespace {

// Before servers that could not be reached are asked again; doubled each time.
constexpr std::chrono::milliseconds first_pause{50};

}  // namespace

Inquiry::Inquiry(Transport& transport, Question question, Done done)
    : transport_(transport),
      question_(std::move(question)),
      done_(std::move(done)),
      expiry_(transport.context),
      pause_(transport.context),
      next_pause_(first_pause) {}

void Inquiry::join(Deadline deadline, Waiter waiter) {
  end_ = Clock::now() + transport_.options.timeout;
  waiting_.emplace(std::min(deadline, end_), std::move(waiter));
  arm_expiry();
}

void Inquiry::start() {
  ask_next();
}

std::size_t Inquiry::server_of(std::size_t attempt) const {
  return (first_server_ + attempt) % servers_->size();
}

// Other servers than those of the last attempt have not been asked yet.
void Inquiry::follow_servers() {
  ServersPtr current = transport_.servers();
  if (current == servers_) {
    return;
  }
  servers_ = std::move(current);
  first_server_ = transport_.preferred_server % servers_->size();
  attempts_ = 0;
  failure_.reset();
}

void Inquiry::ask_next() {
  follow_servers();
  const Server& server = (*servers_)[server_of(attempts_)];
  exchange_ = std::make_shared<Exchange>(transport_, server, question_);
  exchange_->start([self = shared_from_this()](const auto& result) { self->on_result(result); });
}

void Inquiry::ask_later() {
  pause_.expires_after(next_pause_);
  pause_.async_wait([self = shared_from_this()](const std::error_code& error) {
    if (!error && self->done_) {
      self->ask_next();
    }
  });
  next_pause_ = std::min(2 * next_pause_, transport_.options.attempt_timeout);
}

void Inquiry::on_result(const std::expected<Answer, Exchange::Failure>& result) {
  if (result && !is_temporary(result->status)) {
    transport_.preferred_server = server_of(attempts_);
    finish(*result);
    return;
  }
  if (result && !failure_) {
    failure_ = *result;
  }
  ++attempts_;
  const bool round_is_over = attempts_ % servers_->size() == 0;
  if (round_is_over && failure_) {
    finish(*failure_);
    return;
  }
  if (round_is_over && !result && result.error() == Exchange::Failure::unreachable) {
    ask_later();
    return;
  }
  ask_next();
}

void Inquiry::arm_expiry() {
  const Deadline next = waiting_.empty() ? end_ : std::min(end_, waiting_.begin()->first);
  expiry_.expires_at(next);
  expiry_.async_wait([self = shared_from_this()](const std::error_code& error) {
    if (!error && self->done_) {
      self->on_expiry();
    }
  });
}

void Inquiry::on_expiry() {
  const Deadline now = Clock::now();
  if (end_ <= now) {
    finish(Answer::failed(Status::timeout));
    return;
  }
  while (!waiting_.empty() && waiting_.begin()->first <= now) {
    auto late = waiting_.extract(waiting_.begin());
    ++transport_.counters.timeouts;
    late.mapped().settle(Answer::failed(Status::timeout));
  }
  arm_expiry();
}

bool Inquiry::has_given_up_waiters() const {
  return std::ranges::any_of(waiting_, [](const auto& one) { return one.second.has_given_up(); });
}

void Inquiry::drop_given_up() {
  Waiting dropped;
  for (auto one = waiting_.begin(); one != waiting_.end();) {
    const auto place = one++;
    if (place->second.has_given_up()) {
      dropped.insert(waiting_.extract(place));
    }
  }
  if (waiting_.empty() && !dropped.empty() && done_) {
    static_cast<void>(close(std::nullopt));
  }
  for (auto& [deadline, waiter] : dropped) {
    waiter.settle(Answer::failed(Status::timeout));
  }
}

Inquiry::Waiting Inquiry::close(const std::optional<Answer>& answer) {
  expiry_.cancel();
  pause_.cancel();
  if (exchange_) {
    exchange_->cancel();
  }
  auto waiting = std::exchange(waiting_, {});  // each gets an answer, even if what follows throws
  const Done done = std::exchange(done_, nullptr);
  done(answer);
  return waiting;
}

void Inquiry::finish(const Answer& answer) {
  if (!done_) {
    return;
  }
  auto waiting = close(answer);
  if (answer.status == Status::timeout) {
    transport_.counters.timeouts += waiting.size();
  }
  for (auto& [deadline, waiter] : waiting) {
    waiter.settle(answer);
  }
}

}  // namespace sekisho::dns
