// The messages under way.
#include "milter/traffic.hpp"

#include <catch2/catch.hpp>

using sekisho::milter::Traffic;

TEST_CASE("a pass counts for as long as it lives", "[milter]") {
  Traffic traffic;
  {
    auto first = traffic.enter();
    const auto second = traffic.enter();
    REQUIRE(first.has_value());
    CHECK(traffic.under_way() == 2);
    const Traffic::Pass moved = *std::move(first);
    CHECK(traffic.under_way() == 2);
    first.reset();
    CHECK(traffic.under_way() == 2);
  }
  CHECK(traffic.under_way() == 0);
}

TEST_CASE("a closed gate lets nobody in and everybody out", "[milter]") {
  Traffic traffic;
  auto pass = traffic.enter();
  traffic.close();
  CHECK(traffic.is_closed());
  CHECK_FALSE(traffic.enter().has_value());
  CHECK(traffic.under_way() == 1);
  pass.reset();
  CHECK(traffic.under_way() == 0);
}
