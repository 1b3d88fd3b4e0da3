#include "report/analysis/breakage.hpp"

#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::report::analysis {

TEST_CASE("broken signatures are summed by party, the most first", "[report]") {
  const std::chrono::sys_days day{std::chrono::days{20'000}};
  const std::chrono::sys_days later = day + std::chrono::days{3};
  const std::vector<BrokenSignatures> broken = {
      {later, "a.example", "list:l.example", "body.tail", 3},
      {day, "a.example", "list:l.example", "header", 1},
      {day, "b.example", "list:l.example", "body.tail", 2},
      {day, "a.example", "host:relay.example", "body", 6},
      {day, "a.example", "", "body", 1},
  };
  const Breakage list{"list:l.example",
                      6,
                      day,
                      later,
                      {{"body.tail", 5}, {"header", 1}},
                      {{"a.example", 4}, {"b.example", 2}}};
  const Breakage host{"host:relay.example", 6, day, day, {{"body", 6}}, {{"a.example", 6}}};
  const Breakage unknown{"", 1, day, day, {{"body", 1}}, {{"a.example", 1}}};
  CHECK(sum_breakage(broken, "") == std::vector{host, list, unknown});
  CHECK(sum_breakage(broken, "b.example") ==
        std::vector<Breakage>{
            {"list:l.example", 2, day, day, {{"body.tail", 2}}, {{"b.example", 2}}}});
  CHECK(sum_breakage(broken, "c.example").empty());
}

}  // namespace sekisho::report::analysis
