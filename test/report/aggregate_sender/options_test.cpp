#include "report/aggregate_sender/options.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::report::aggregate_sender {

TEST_CASE("mail to where reports arrive is not reported", "[report_send]") {
  struct Case {
    std::string name;
    std::vector<std::string> recipients;
    bool expected;
  };
  const Case cases[] = {
      {"our contact", {"dmarc@example.org"}, true},
      {"our contact in another case", {"DMARC@Example.ORG"}, true},
      {"where reports of others arrive", {"rua@example.org"}, true},
      {"both", {"dmarc@example.org", "rua@example.org"}, true},
      {"somebody", {"user@example.org"}, false},
      {"somebody, too", {"dmarc@example.org", "user@example.org"}, false},
      {"a name that begins alike", {"dmarc@example.org.example"}, false},
      {"nobody", {}, false},
  };
  SendOptions options;
  options.email = "dmarc@example.org";
  options.own_addresses = {"rua@example.org"};
  for (const Case& row : cases) {
    DYNAMIC_SECTION(row.name) {
      CHECK(is_feedback_to_us(row.recipients, options) == row.expected);
    }
  }
  CHECK_FALSE(is_feedback_to_us(std::vector<std::string>{"user@example.org"}, SendOptions{}));
}

}  // namespace sekisho::report::aggregate_sender
