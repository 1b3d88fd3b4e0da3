// When keys are looked up again.
#include "milter/process/maintenance.hpp"

#include <catch2/catch.hpp>

using namespace std::chrono_literals;

namespace sekisho::milter {

TEST_CASE("keys are looked up at the start, when asked for, and every hour", "[milter]") {
  // The steady clock begins with the machine: a host of five minutes is where keys are new.
  const auto up = GENERATE(5min, 90min);
  CAPTURE(up.count());
  const KeyCheckSchedule::Time start{up};
  KeyCheckSchedule rounds;
  CHECK(rounds.is_due(start));
  rounds.note(start);
  CHECK_FALSE(rounds.is_due(start + 1s));
  rounds.ask();
  CHECK(rounds.is_due(start + 2s));
  rounds.note(start + 2s);
  CHECK_FALSE(rounds.is_due(start + 59min));
  CHECK(rounds.is_due(start + 61min));
}

}  // namespace sekisho::milter
