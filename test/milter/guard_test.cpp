// What a fault of ours costs, callback by callback.
#include "milter/session/guard.hpp"

#include <stdexcept>

#include <catch2/catch.hpp>

using namespace sekisho::milter;

namespace {

enum class Answer { carry_on, fault };

/// One connection with its callbacks, of which each may throw.
struct Callbacks {
  FaultGuard guard;
  int faults = 0;

  Answer call(FaultGuard::Extent extent, bool throws) {
    return run_guarded(
        guard, extent, Answer::fault,
        [throws] {
          if (throws) {
            throw std::runtime_error("a fault");
          }
          return Answer::carry_on;
        },
        [this] { ++faults; });
  }
};

}  // namespace

TEST_CASE("a fault costs the rest of its message, and not the next one", "[milter]") {
  Callbacks callbacks;
  CHECK(callbacks.call(FaultGuard::Extent::connection, false) == Answer::carry_on);
  CHECK(callbacks.call(FaultGuard::Extent::message, false) == Answer::carry_on);
  CHECK(callbacks.call(FaultGuard::Extent::message, true) == Answer::fault);
  CHECK(callbacks.call(FaultGuard::Extent::message, false) == Answer::fault);
  CHECK(callbacks.faults == 1);
  callbacks.guard.begin_message();
  CHECK(callbacks.call(FaultGuard::Extent::message, false) == Answer::carry_on);
}

TEST_CASE("a fault in what is said once costs the connection", "[milter]") {
  Callbacks callbacks;
  CHECK(callbacks.call(FaultGuard::Extent::connection, true) == Answer::fault);
  callbacks.guard.begin_message();
  CHECK(callbacks.call(FaultGuard::Extent::message, false) == Answer::fault);
  callbacks.guard.begin_message();
  CHECK(callbacks.call(FaultGuard::Extent::message, false) == Answer::fault);
  CHECK(callbacks.faults == 1);
}

TEST_CASE("a fault of the message does not hide one of the connection", "[milter]") {
  Callbacks callbacks;
  callbacks.guard.note_fault(FaultGuard::Extent::message);
  callbacks.guard.note_fault(FaultGuard::Extent::connection);
  callbacks.guard.begin_message();
  CHECK(callbacks.guard.is_faulty());
}
