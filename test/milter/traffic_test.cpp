// The messages under way.
#include "milter/traffic.hpp"

#include <catch2/catch.hpp>

using sekisho::milter::Traffic;

namespace {

constexpr std::size_t many = 100;

}  // namespace

TEST_CASE("a pass counts for as long as it lives", "[milter]") {
  Traffic traffic;
  {
    auto first = traffic.enter(many);
    const auto second = traffic.enter(many);
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
  auto pass = traffic.enter(many);
  traffic.close();
  CHECK(traffic.is_closed());
  CHECK_FALSE(traffic.enter(many).has_value());
  CHECK(traffic.under_way() == 1);
  pass.reset();
  CHECK(traffic.under_way() == 0);
}

TEST_CASE("one too many is not let in until another has left", "[milter]") {
  Traffic traffic;
  auto first = traffic.enter(1);
  CHECK_FALSE(traffic.enter(1).has_value());
  CHECK(traffic.under_way() == 1);
  first.reset();
  CHECK(traffic.enter(1).has_value());
}
