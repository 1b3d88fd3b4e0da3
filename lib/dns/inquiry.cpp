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
      first_server_(transport.preferred_server),
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
  return (first_server_ + attempt) % transport_.options.nameservers.size();
}

void Inquiry::ask_next() {
  const Server& server = transport_.options.nameservers[server_of(attempts_)];
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
  const bool round_is_over = attempts_ % transport_.options.nameservers.size() == 0;
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

void Inquiry::finish(const Answer& answer) {
  if (!done_) {
    return;
  }
  expiry_.cancel();
  pause_.cancel();
  if (exchange_) {
    exchange_->cancel();
  }
  auto waiting = std::exchange(waiting_, {});  // each gets an answer, even if what follows throws
  const Done done = std::exchange(done_, nullptr);
  done(answer);
  if (answer.status == Status::timeout) {
    transport_.counters.timeouts += waiting.size();
  }
  for (auto& [deadline, waiter] : waiting) {
    waiter.settle(answer);
  }
}

}  // namespace sekisho::dns
