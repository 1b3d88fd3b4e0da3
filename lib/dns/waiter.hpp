// The writing end of a question, for the network thread.
#pragma once

#include "dns/answer.hpp"
#include "dns/pending.hpp"

#include <memory>
#include <utility>

namespace sekisho::dns {

/// Someone who waits for an answer, and gets one: whatever is dropped unsettled, because memory ran
/// out or the thread is gone, was a server failure.
class Waiter {
 public:
  explicit Waiter(std::shared_ptr<Outcome<Answer>> outcome) : outcome_(std::move(outcome)) {}
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;
  Waiter(Waiter&&) noexcept = default;
  Waiter& operator=(Waiter&&) = delete;
  ~Waiter() {
    if (outcome_) {
      settle(Answer::failed(Status::server_failure));
    }
  }

  /// To be called once, with no lock held: resumes whoever awaits the answer in a coroutine.
  void settle(const Answer& answer) {
    const std::shared_ptr<Outcome<Answer>> outcome = std::exchange(outcome_, nullptr);
    if (const auto waiting = outcome->set(answer)) {
      waiting.resume();
    }
  }

 private:
  std::shared_ptr<Outcome<Answer>> outcome_;
};

}  // namespace sekisho::dns
