#include "report/import/archive.hpp"

#include <catch2/catch.hpp>

namespace sekisho::report::import {

TEST_CASE("what may come out of a file is bounded exactly", "[report]") {
  constexpr std::uint64_t mega = std::uint64_t{1} << 20U;
  SECTION("so much for nothing, and so much for each octet") {
    ExpansionBudget budget(1'000);
    CHECK(budget.spend(16 * mega));
    CHECK(budget.spend(100'000));
    CHECK(budget.spend(0));
    CHECK_FALSE(budget.spend(1));
  }
  SECTION("and no more than so much at all") {
    for (const std::uint64_t packed : {std::uint64_t{512} * mega, ~std::uint64_t{0}}) {
      ExpansionBudget budget(packed);
      CHECK(budget.spend(512 * mega));
      CHECK_FALSE(budget.spend(1));
    }
  }
  SECTION("what is too much takes all that is left") {
    ExpansionBudget budget(0);
    CHECK_FALSE(budget.spend(16 * mega + 1));
    CHECK_FALSE(budget.spend(1));
  }
  SECTION("members") {
    ExpansionBudget budget(0);
    for (std::size_t i = 0; i < 1'000; ++i) {
      CHECK(budget.spend_member());
    }
    CHECK_FALSE(budget.spend_member());
  }
}

}  // namespace sekisho::report::import
