// The writing end of a question, for the network thread.
#pragma once

#include "dns/answer.hpp"
#include "dns/asker.hpp"
#include "dns/pending.hpp"

#include <memory>
#include <utility>

namespace sekisho::dns {

/// Someone who waits for an answer, and gets one: whatever is dropped unsettled, because memory ran
/// out or the thread is gone, was a server failure.
class Waiter {
 public:
  /// `asker` null: our own question.
  Waiter(std::shared_ptr<Outcome<Answer>> outcome, AskerPtr asker)
      : outcome_(std::move(outcome)), asker_(std::move(asker)) {
    if (asker_) {
      asker_->begin_question();
    }
  }
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;
  Waiter(Waiter&&) noexcept = default;
  Waiter& operator=(Waiter&&) = delete;
  ~Waiter() {
    if (outcome_) {
      settle(Answer::failed(Status::server_failure));
    }
  }

  [[nodiscard]] bool has_given_up() const { return asker_ && asker_->has_given_up(); }
  [[nodiscard]] Client client() const { return asker_ ? asker_->client() : Client{}; }

  /// To be called once, with no lock held: resumes whoever awaits the answer in a coroutine.
  void settle(const Answer& answer) {
    const std::shared_ptr<Outcome<Answer>> outcome = std::exchange(outcome_, nullptr);
    if (asker_) {
      asker_->end_question();
    }
    if (const auto waiting = outcome->set(answer)) {
      waiting.resume();
    }
  }

 private:
  std::shared_ptr<Outcome<Answer>> outcome_;
  AskerPtr asker_;
};

}  // namespace sekisho::dns
