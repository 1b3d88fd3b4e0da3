// A value that is there already or will be: the reading end of a look-up or of a task.
#pragma once

#include <condition_variable>
#include <coroutine>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <variant>

namespace sekisho::dns {

/// Where the one who has the value and the one who wants it meet. Written once, read once.
/// Thread-safe: writer and reader may be on different threads.
template <typename T>
class Outcome {
 public:
  /// Stores the value (or the exception) and returns whoever waits for it, to be resumed by the
  /// caller when it holds no lock. A null handle: nobody waits in a coroutine.
  [[nodiscard]] std::coroutine_handle<> set(std::variant<T, std::exception_ptr> outcome) {
    const std::scoped_lock lock(mutex_);
    outcome_ = std::move(outcome);
    done_.notify_all();
    return std::exchange(waiting_, nullptr);
  }

  [[nodiscard]] bool is_set() const {
    const std::scoped_lock lock(mutex_);
    return outcome_.has_value();
  }

  /// Leaves `waiting` to be resumed by the writer; false when the value is there already.
  [[nodiscard]] bool suspend(std::coroutine_handle<> waiting) {
    const std::scoped_lock lock(mutex_);
    if (outcome_) {
      return false;
    }
    waiting_ = waiting;
    return true;
  }

  /// Waits for the value and takes it out. To be called once.
  T take() {
    std::unique_lock lock(mutex_);
    done_.wait(lock, [this] { return outcome_.has_value(); });
    if (auto* error = std::get_if<std::exception_ptr>(&*outcome_)) {
      std::rethrow_exception(*error);
    }
    return std::get<T>(std::move(*outcome_));
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable done_;
  std::optional<std::variant<T, std::exception_ptr>> outcome_;
  std::coroutine_handle<> waiting_;
};

/// The reading end. A coroutine may `co_await` it, any other code may `get()` it; either, once.
/// Dropping it unread is allowed: the work goes on and its result is forgotten.
template <typename T>
class [[nodiscard]] Pending {
 public:
  /// A value that is known already; nothing is allocated and nothing locked.
  static Pending ready(T value) {
    return Pending(std::variant<T, Shared>(std::in_place_index<0>, std::move(value)));
  }

  explicit Pending(std::shared_ptr<Outcome<T>> outcome)
      : state_(std::in_place_index<1>, std::move(outcome)) {}

  /// True when get() and co_await will not wait.
  [[nodiscard]] bool is_ready() const {
    const Shared* outcome = std::get_if<1>(&state_);
    return outcome == nullptr || (*outcome)->is_set();
  }

  /// Waits, on this thread, and takes the value. Rethrows what the task threw. Always ends, since
  /// every look-up has a deadline. Not to be called on the network thread.
  T get() {
    if (auto* value = std::get_if<0>(&state_)) {
      return std::move(*value);
    }
    return std::get<1>(state_)->take();
  }

  [[nodiscard]] bool await_ready() const { return is_ready(); }
  [[nodiscard]] bool await_suspend(std::coroutine_handle<> waiting) {
    return std::get<1>(state_)->suspend(waiting);
  }
  T await_resume() { return get(); }

 private:
  using Shared = std::shared_ptr<Outcome<T>>;
  explicit Pending(std::variant<T, Shared> state) : state_(std::move(state)) {}

  std::variant<T, Shared> state_;
};

}  // namespace sekisho::dns
