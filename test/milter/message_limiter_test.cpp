// The messages under way.
#include "milter/session/message_limiter.hpp"

#include <catch2/catch.hpp>

using sekisho::milter::MessageLimiter;

namespace {

constexpr std::size_t many = 100;

}  // namespace

TEST_CASE("a pass counts for as long as it lives", "[milter]") {
  MessageLimiter limiter;
  {
    auto first = limiter.enter(many);
    const auto second = limiter.enter(many);
    REQUIRE(first.has_value());
    CHECK(limiter.under_way() == 2);
    const MessageLimiter::Pass moved = *std::move(first);
    CHECK(limiter.under_way() == 2);
    first.reset();
    CHECK(limiter.under_way() == 2);
  }
  CHECK(limiter.under_way() == 0);
}

TEST_CASE("a closed fixture lets nobody in and everybody out", "[milter]") {
  MessageLimiter limiter;
  auto pass = limiter.enter(many);
  limiter.close();
  CHECK(limiter.is_closed());
  CHECK_FALSE(limiter.enter(many).has_value());
  CHECK(limiter.under_way() == 1);
  pass.reset();
  CHECK(limiter.under_way() == 0);
}

TEST_CASE("one too many is not let in until another has left", "[milter]") {
  MessageLimiter limiter;
  auto first = limiter.enter(1);
  CHECK_FALSE(limiter.enter(1).has_value());
  CHECK(limiter.under_way() == 1);
  first.reset();
  CHECK(limiter.enter(1).has_value());
}
