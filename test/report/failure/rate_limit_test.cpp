#include "report/failure/rate_limit.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::report::failure {

namespace {

using std::chrono::hours;
using std::chrono::minutes;

using Owners = std::vector<std::string>;

Owners one(const std::string& owner) {
  return {owner};
}

constexpr std::chrono::sys_seconds start{std::chrono::seconds(1'790'000'000)};

std::size_t admitted(RateLimit& limit, std::chrono::sys_seconds now, const Rate& rate,
                     std::size_t tries = 100) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < tries; ++i) {
    count += limit.admit(one("bank.example"), now, rate) ? 1 : 0;
  }
  return count;
}

}  // namespace

TEST_CASE("rate: so many an hour, and so many a day (RFC 9991 §8.1)", "[failure]") {
  RateLimit limit;
  const Rate rate{.per_hour = 10, .per_day = 25};
  CHECK(admitted(limit, start, rate) == 10);
  CHECK(admitted(limit, start + minutes(59), rate) == 0);
  CHECK(admitted(limit, start + minutes(60), rate) == 10);
  CHECK(admitted(limit, start + hours(2), rate) == 5);
  CHECK(admitted(limit, start + hours(23), rate) == 0);
  CHECK(admitted(limit, start + hours(24), rate) == 10);
}

TEST_CASE("rate: each owner has its own", "[failure]") {
  RateLimit limit;
  const Rate rate{.per_hour = 1, .per_day = 1};
  CHECK(admitted(limit, start, rate) == 1);
  CHECK(limit.admit(one("shop.example"), start, rate));
}

TEST_CASE("rate: every owner of a report has to have room, and a refused one counts for none",
          "[failure]") {
  RateLimit limit;
  const Rate rate{.per_hour = 2, .per_day = 9};
  CHECK(limit.admit(Owners{"of a", "to x"}, start, rate));
  CHECK(limit.admit(Owners{"of b", "to x"}, start, rate));
  CHECK_FALSE(limit.admit(Owners{"of c", "to x"}, start, rate));
  CHECK(limit.admit(Owners{"of c", "to y"}, start, rate));
  CHECK(limit.admit(Owners{"of c", "to y"}, start, rate));
  CHECK_FALSE(limit.admit(Owners{"of c", "to z"}, start, rate));
}

TEST_CASE("rate: nothing where nothing is allowed", "[failure]") {
  RateLimit limit;
  CHECK(admitted(limit, start, {.per_hour = 0, .per_day = 10}) == 0);
  CHECK(admitted(limit, start, {.per_hour = 10, .per_day = 0}) == 0);
}

TEST_CASE("rate: a clock that goes back does not stop reports for ever", "[failure]") {
  RateLimit limit;
  const Rate rate{.per_hour = 1, .per_day = 1};
  CHECK(admitted(limit, start, rate) == 1);
  CHECK(admitted(limit, start - hours(48), rate) == 1);
}

TEST_CASE("rate: the number of owners is bounded", "[failure]") {
  RateLimit limit;
  const Rate rate{.per_hour = 1, .per_day = 1};
  for (std::size_t i = 0; i < RateLimit::max_owners; ++i) {
    REQUIRE(limit.admit(one(std::to_string(i)), start, rate));
  }
  CHECK_FALSE(limit.admit(one("one.more"), start, rate));
  CHECK(limit.admit(one("one.more"), start + hours(24), rate));
}

}  // namespace sekisho::report::failure
