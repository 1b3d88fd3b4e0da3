#include "domain_check/corpus.hpp"

#include <catch2/catch.hpp>

namespace sekisho::domain_check {
namespace {

TEST_CASE("a deviation of a zone has its finding, and no other", "[domain_check]") {
  const std::vector<Row> rows = corpus();
  REQUIRE(rows.size() > 100);
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.what) {
      const Report report = checked(changed_zone(row.changes), row.domain, row.options);
      CHECK(ids_of(report) == row.ids);
    }
  }
}

TEST_CASE("a check of a complete zone finds no fault and leaves open what needs connections",
          "[domain_check]") {
  Options options;
  options.selectors = {"2026a"};
  const Report report = checked(base_zone(), "shop.example", options);
  CHECK(report.outcomes.findings().empty());
  CHECK(report.outcomes.goods().size() > 20);
  for (const Unknown& unknown : report.outcomes.unknowns()) {
    CAPTURE(info_of(unknown.check).id);
    CHECK(unknown.answer == "not asked");
  }
}

}  // namespace
}  // namespace sekisho::domain_check
