// The messages under way in the whole process, and whether new ones are let in.
#pragma once

#include "guarded.hpp"

#include <cstddef>
#include <optional>
#include <utility>

namespace sekisho::milter {

/// Thread-safe. Outlives its passes.
class MessageLimiter {
 public:
  /// One message under way, for as long as it lives.
  class Pass {
   public:
    explicit Pass(MessageLimiter& limiter) : limiter_(&limiter) {}
    Pass(Pass&& other) noexcept : limiter_(std::exchange(other.limiter_, nullptr)) {}
    Pass& operator=(Pass&& other) noexcept;
    Pass(const Pass&) = delete;
    Pass& operator=(const Pass&) = delete;
    ~Pass();

   private:
    MessageLimiter* limiter_;
  };

  /// Nullopt once the gate is closed, and while as many as `most` are under way.
  [[nodiscard]] std::optional<Pass> enter(std::size_t most);
  /// Lets no more in; those under way go on.
  void close();
  [[nodiscard]] bool is_closed() const;
  [[nodiscard]] std::size_t under_way() const;

 private:
  struct State {
    std::size_t under_way = 0;
    bool closed = false;
  };
  mutable Guarded<State> state_;
};

}  // namespace sekisho::milter
