#include "report/store/history.hpp"

#include <sstream>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::report::store {

namespace {

constexpr const char* passed = R"(job 4A1
reporter mx.example.net
received 1795000000
ipaddr 192.0.2.1
from example.org
mfrom bounce.example.org
dkim example.org s1 0
dkim esp.example 7
spf 2
pdomain example.org
policy 15
rua mailto:a@example.org
rua mailto:b@example.org
pct 100
adkim 114
aspf 115
p 114
sp 0
align_dkim 4
align_spf 5
arc 6
arc_policy 0 json:[]
action 2
)";

struct Read {
  HistoryCounts counts;
  std::vector<Observation> observations;
};

Read read(const std::string& text) {
  std::istringstream file(text);
  Read result;
  result.counts = read_history(file, [&](Observation observation) {
    result.observations.push_back(std::move(observation));
  });
  return result;
}

std::string with(std::string text, const std::string& line, const std::string& other) {
  const std::size_t at = text.find(line);
  REQUIRE(at != std::string::npos);
  return text.replace(at, line.size(), other);
}

}  // namespace

TEST_CASE("a message of a history is an observation", "[history]") {
  const Read result = read(passed);
  CHECK(result.counts == HistoryCounts{.read = 1});
  REQUIRE(result.observations.size() == 1);
  const Observation& observation = result.observations[0];
  CHECK(observation.seen.time_since_epoch().count() == 1'795'000'000);
  CHECK(observation.addresses ==
        std::vector<std::string>{"mailto:a@example.org", "mailto:b@example.org"});
  CHECK(observation.policy.domain == "example.org");
  CHECK(observation.policy.policy == dmarc::Policy::reject);
  CHECK(observation.policy.subdomain_policy == dmarc::Policy::reject);
  CHECK(observation.policy.dkim_alignment == dmarc::AlignmentMode::relaxed);
  CHECK(observation.policy.spf_alignment == dmarc::AlignmentMode::strict);
  CHECK(observation.policy.percent == 100);
  const format::AggregateRecord& record = observation.record;
  CHECK(record.source.text() == "192.0.2.1");
  CHECK(record.disposition == format::ActionDisposition::pass);
  CHECK(record.dkim_aligned);
  CHECK_FALSE(record.spf_aligned);
  CHECK(record.reasons.empty());
  CHECK(record.header_from == "example.org");
  CHECK(record.envelope_from == "bounce.example.org");
  CHECK(record.dkim ==
        std::vector<format::DkimAuthResult>{{"example.org", "s1", format::AuthResult::pass, ""},
                                            {"esp.example", "", format::AuthResult::fail, ""}});
  CHECK(record.spf ==
        std::vector<format::SpfAuthResult>{
            {"bounce.example.org", format::SpfScope::mfrom, format::AuthResult::softfail, ""}});
}

TEST_CASE("what became of a failure is what the history says", "[history]") {
  struct Case {
    const char* name;
    const char* p;
    const char* action;
    format::ActionDisposition disposition;
    std::size_t reasons;
  };
  const Case cases[] = {
      {"rejected", "p 114", "action 0", format::ActionDisposition::reject, 0},
      {"discarded", "p 114", "action 1", format::ActionDisposition::reject, 0},
      {"accepted all the same", "p 114", "action 2", format::ActionDisposition::none, 1},
      {"held", "p 113", "action 4", format::ActionDisposition::quarantine, 0},
      {"nothing asked", "p 110", "action 2", format::ActionDisposition::none, 0},
  };
  for (const auto& [name, p, action, disposition, reasons] : cases) {
    DYNAMIC_SECTION(name) {
      const std::string failed =
          with(with(with(passed, "align_dkim 4", "align_dkim 5"), "p 114", p), "action 2", action);
      const Read result = read(failed);
      REQUIRE(result.observations.size() == 1);
      CHECK(result.observations[0].record.disposition == disposition);
      CHECK(result.observations[0].record.reasons.size() == reasons);
    }
  }
}

TEST_CASE("for subdomains sp= counts", "[history]") {
  const std::string text =
      with(with(with(passed, "from example.org", "from a.example.org"), "sp 0", "sp 110"),
           "align_dkim 4", "align_dkim 5");
  const Read result = read(text);
  REQUIRE(result.observations.size() == 1);
  CHECK(result.observations[0].record.reasons.empty());
}

TEST_CASE("a history has messages that nobody asks about, and torn ones", "[history]") {
  struct Case {
    const char* line;
    const char* other;
    HistoryCounts expected;
  };
  const Case cases[] = {
      {"policy 15", "policy 14", {.unreported = 1}},
      {"action 2", "action 3", {.unreported = 1}},
      {"action 2", "", {.unreadable = 1}},
      {"received 1795000000", "received now", {.unreadable = 1}},
      {"received 1795000000", "received -1", {.unreadable = 1}},
      {"received 1795000000", "received 9223372036854775807", {.unreadable = 1}},
      {"ipaddr 192.0.2.1", "ipaddr unknown", {.unreadable = 1}},
      {"from example.org", "from", {.unreadable = 1}},
      {"job 4A1", "jab", {}},
  };
  for (const auto& [line, other, expected] : cases) {
    DYNAMIC_SECTION(line << " becomes " << other) {
      CHECK(read(with(passed, line, other)).counts == expected);
    }
  }
  const std::string without =
      with(with(passed, "rua mailto:a@example.org", "rua -"), "rua mailto:b@example.org", "rua -");
  CHECK(read(without + passed + without).counts == HistoryCounts{.read = 1, .unreported = 2});
  std::string endless = passed;
  for (int i = 0; i < 2'000; ++i) {
    endless += "rua mailto:a@example.org\n";
  }
  CHECK(read(endless + passed).counts == HistoryCounts{.read = 1, .unreadable = 1});
}

}  // namespace sekisho::report::store
