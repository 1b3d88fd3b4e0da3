#include "report/recorder/growth_limit.hpp"

#include "report/store/a_store.hpp"

#include <set>

#include <catch2/catch.hpp>

namespace sekisho::report::recorder {

namespace {

store::Observation of(const std::string& policy, const std::string& from) {
  store::Observation observation = store::an_observation(from);
  observation.policy.domain = policy;
  return observation;
}

}  // namespace

TEST_CASE("sub-domains with records of their own are counted up to a limit", "[store]") {
  GrowthLimit limit;
  std::size_t counted = 0;
  for (std::size_t i = 0; i < GrowthLimit::max_policies + 100; ++i) {
    const std::string name = "x" + std::to_string(i) + ".evil.example";
    counted += limit.admit(of(name, name)) ? 1 : 0;
  }
  CHECK(counted == GrowthLimit::max_policies);
  CHECK(limit.admit(of("x1.evil.example", "x1.evil.example")));
  CHECK(limit.admit(of("good.example", "good.example")));
  store::Observation tomorrow = of("new.evil.example", "new.evil.example");
  CHECK_FALSE(limit.admit(tomorrow));
  tomorrow.seen += std::chrono::days{1};
  CHECK(limit.admit(tomorrow));
}

TEST_CASE("what strangers choose at will makes no rows beyond a limit", "[store]") {
  GrowthLimit limit;
  const int kind = GENERATE(0, 1, 2, 3);
  std::set<std::string> rows;
  std::size_t messages = 0;
  for (std::size_t i = 0; i < GrowthLimit::max_outcomes + 500; ++i) {
    store::Observation observation = store::an_observation();
    const std::string name = "x" + std::to_string(i) + ".evil.example";
    if (kind == 0) {
      observation.record.header_from = name;
    } else if (kind == 1) {
      observation.record.envelope_from = name;
    } else if (kind == 2) {
      observation.record.dkim.front().selector = name;
    } else {
      observation.record.reasons.front().comment = name;
    }
    const auto admitted = limit.admit(observation);
    REQUIRE(admitted);
    messages += admitted->record.count;
    rows.insert(admitted->record.header_from + admitted->record.envelope_from +
                (admitted->record.dkim.empty() ? "" : admitted->record.dkim.front().selector) +
                admitted->record.reasons.front().comment);
    CHECK(admitted->record.disposition == observation.record.disposition);
    CHECK(admitted->record.source == observation.record.source);
  }
  CHECK(rows.size() == GrowthLimit::max_outcomes + 1);
  CHECK(messages == GrowthLimit::max_outcomes + 500);
  CHECK(*limit.admit(of("other.example", "other.example")) == of("other.example", "other.example"));
}

TEST_CASE("sources are no rows of outcomes", "[store]") {
  GrowthLimit limit;
  for (std::size_t i = 0; i < GrowthLimit::max_outcomes + 10; ++i) {
    const std::string source = "2001:db8::" + std::to_string(i % 9'000);
    CHECK(limit.admit(store::an_observation("example.org", source))->record.header_from ==
          "example.org");
  }
  CHECK_FALSE(limit.admit(store::an_observation("a.example.org"))->record.dkim.empty());
}

}  // namespace sekisho::report::recorder
