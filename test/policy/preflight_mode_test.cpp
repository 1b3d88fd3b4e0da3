// What rules make of the judgement on a submission.
#include "policy/preflight_mode.hpp"

#include "policy/rule_sample.hpp"

#include <catch2/catch.hpp>

namespace sekisho::policy {
namespace {

TEST_CASE("of the rules for several recipients, the mildest judgement holds", "[policy]") {
  using enum Preflight;
  struct Case {
    Preflight for_one;
    Preflight for_two;
    Preflight expected;
  };
  const Case cases[] = {
      {refuse, note, note},
      {note, refuse, note},
      {refuse, as_configured, as_configured},
      {as_configured, refuse, as_configured},
      {note, as_configured, note},
      {as_configured, note, note},
      {refuse, refuse, refuse},
  };
  for (const Case& each : cases) {
    const auto number = static_cast<std::size_t>(&each - cases);
    CAPTURE(number);
    Rule one;
    one.recipient = names({"one@example.org"});
    one.preflight = each.for_one;
    Rule two = rule_for_client(Action::accept);
    two.preflight = each.for_two;
    Options options;
    options.rules = {one, two};
    CHECK(find_preflight(forged(), {}, options) == each.expected);
  }
  CHECK(find_preflight(forged(), {}, {}) == as_configured);
}

}  // namespace
}  // namespace sekisho::policy
