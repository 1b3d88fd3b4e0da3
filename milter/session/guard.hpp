// What a fault of ours costs: the message that it happened to, or all of its connection.
#pragma once

#include <cstdint>

namespace sekisho::milter {

/// Of one connection: whether a callback broke off, so that what follows has nothing to stand on.
class FaultGuard {
 public:
  enum class Extent : std::uint8_t {
    message,     ///< The next MAIL begins anew.
    connection,  ///< What was broken off is said once a connection.
  };

  void note_fault(Extent extent) {
    (extent == Extent::message ? message_is_faulty_ : connection_is_faulty_) = true;
  }
  void begin_message() { message_is_faulty_ = false; }
  [[nodiscard]] bool is_faulty() const { return message_is_faulty_ || connection_is_faulty_; }

 private:
  bool message_is_faulty_ = false;
  bool connection_is_faulty_ = false;
};

/// Runs `callback`, and gives what it gives. Where it throws, `on_fault` is called within the
/// handler, and `fault` is the answer, to this and to all that follows within `extent`.
template <typename Answer, typename Callback, typename OnFault>
Answer run_guarded(FaultGuard& guard, FaultGuard::Extent extent, Answer fault,
                   const Callback& callback, const OnFault& on_fault) noexcept {
  if (guard.is_faulty()) {
    return fault;
  }
  try {
    return callback();
  } catch (...) {
    guard.note_fault(extent);
    on_fault();
    return fault;
  }
}

}  // namespace sekisho::milter
