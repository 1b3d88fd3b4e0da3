// A mechanism that needs the DNS, written as a coroutine that reads from top to bottom like its
// RFC.
#pragma once

#include "dns/pending.hpp"

#include <coroutine>
#include <exception>
#include <memory>
#include <optional>
#include <utility>
#include <variant>

namespace sekisho::dns {

/// An eager coroutine: it starts at the call and runs on the caller's thread for as long as the
/// answers it awaits are there; where one is missing it suspends, and the network thread carries it
/// on. It must own its inputs (parameters by value), since its caller may be gone before it ends.
/// Dropping the Task does not stop it.
template <typename T>
class [[nodiscard]] Task : public Pending<T> {
 public:
  class promise_type;  // NOLINT(readability-identifier-naming): the language's name

  using Pending<T>::Pending;
};

template <typename T>
class Task<T>::promise_type {
 public:
  Task get_return_object() { return Task(outcome_); }
  std::suspend_never initial_suspend() noexcept { return {}; }
  auto final_suspend() noexcept { return Finish{}; }

  void return_value(T value) { result_.emplace(std::in_place_index<0>, std::move(value)); }
  void unhandled_exception() { result_.emplace(std::in_place_index<1>, std::current_exception()); }

 private:
  // Frees the coroutine, and with it all that it owns, before its reader can see the result: who
  // has the result of the last task may take down the resolver.
  struct Finish {
    [[nodiscard]] bool await_ready() const noexcept { return false; }
    [[nodiscard]] std::coroutine_handle<> await_suspend(
        std::coroutine_handle<promise_type> self) const noexcept {
      const std::shared_ptr<Outcome<T>> outcome = std::move(self.promise().outcome_);
      auto result = std::move(*self.promise().result_);
      self.destroy();
      const std::coroutine_handle<> next = outcome->set(std::move(result));
      return next ? next : std::noop_coroutine();
    }
    void await_resume() const noexcept {}
  };

  std::shared_ptr<Outcome<T>> outcome_ = std::make_shared<Outcome<T>>();
  std::optional<std::variant<T, std::exception_ptr>> result_;
};

}  // namespace sekisho::dns
