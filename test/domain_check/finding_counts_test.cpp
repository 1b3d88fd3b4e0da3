#include "domain_check/finding_counts.hpp"

#include <catch2/catch.hpp>

namespace sekisho::domain_check {

TEST_CASE("counts of findings are read as they are written", "[domain_check]") {
  const std::vector<FindingCount> counts = {{"shop.example", Level::error, 2},
                                            {"shop.example", Level::advice, 0},
                                            {"xn--bcher-kva.example", Level::warning, 17}};
  CHECK(parse_counts(format_counts(counts)) == counts);
}

TEST_CASE("lines that are no counts are left out", "[domain_check]") {
  for (const char* const line :
       {"", "shop.example", "shop.example error", "shop.example error x", "shop.example error -1",
        "shop.example error 1x", "shop.example fatal 1", "shop.example error 1 2", "a..b error 1",
        "a\"b error 1", "shop.example error 99999999999999999999"}) {
    CAPTURE(line);
    CHECK(parse_counts(line).empty());
    CHECK(parse_counts(std::string(line) + "\nshop.example error 1\n").size() == 1);
  }
  CHECK(parse_counts(std::string(max_counts_octets, '\n') + "shop.example error 1\n").empty());
}

}  // namespace sekisho::domain_check
