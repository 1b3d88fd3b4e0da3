#include "report/aggregate_sender/back_off.hpp"

#include <chrono>

#include <catch2/catch.hpp>

namespace sekisho::report::aggregate_sender {

TEST_CASE("an address that refuses is tried ever more seldom", "[report_send]") {
  using namespace std::chrono_literals;
  constexpr std::chrono::sys_seconds now{};
  using std::chrono::days;
  CHECK(next_try(now, 0) == now + days{1} - 1h);
  CHECK(next_try(now, 1) == now + days{2} - 1h);
  CHECK(next_try(now, 4) == now + days{16} - 1h);
  CHECK(next_try(now, 5) == now + days{32} - 1h);
  CHECK(next_try(now, 4'000'000'000) == now + days{32} - 1h);
}

}  // namespace sekisho::report::aggregate_sender
