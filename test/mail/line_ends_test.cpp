#include "mail/line_ends.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::mail {

TEST_CASE("a text's lines, the last with or without its end", "[mail]") {
  struct Row {
    std::string_view text;
    std::vector<std::string> lines;
  };
  const auto row = GENERATE(values<Row>({{"", {}},
                                         {"a", {"a"}},
                                         {"a\n", {"a"}},
                                         {"a\nb", {"a", "b"}},
                                         {"a\n\nb\r\n", {"a", "", "b\r"}},
                                         {"\n", {""}}}));
  CHECK(lines_of(row.text) == row.lines);
}

}  // namespace sekisho::mail
