#include "report/analysis/advice.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::report::analysis {

namespace {

using Catch::Contains;
using dmarc::Policy;
using std::chrono::days;

constexpr std::chrono::sys_days first_day{std::chrono::year{2026} / 10 / 1};

struct Part {
  SenderKind kind = SenderKind::signs;
  const char* name = "192.0.2.1";
  std::uint64_t messages = 0;  ///< A day.
  int days = 30;
};

DomainEvidence evidence_of(const std::vector<Part>& parts) {
  DomainEvidence evidence;
  evidence.domain = "shop.example";
  for (const Part& part : parts) {
    const bool passes = part.kind == SenderKind::signs || part.kind == SenderKind::spf_only;
    MailSource sender{
        .kind = part.kind, .name = part.name, .days = static_cast<std::size_t>(part.days)};
    for (int day = 0; day < part.days; ++day) {
      const MessageCounts tally{.messages = part.messages, .pass = passes ? part.messages : 0};
      sender.total.add(tally);
      evidence.days[first_day + days(day)].add(tally);
      evidence.total.add(tally);
    }
    evidence.senders.push_back(sender);
  }
  return evidence;
}

const std::string none = "v=DMARC1; p=none; rua=mailto:d@shop.example";
const std::string quarantine = "v=DMARC1; p=quarantine; rua=mailto:d@shop.example";
const std::string reject = "v=DMARC1; p=reject; rua=mailto:d@shop.example";

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) {
    text += line + "\n";
  }
  return text;
}

}  // namespace

TEST_CASE("advice: realistic domains", "[advice]") {
  using enum SenderKind;
  struct Case {
    const char* name;
    std::vector<Part> parts;
    std::string record;
    AdviceStep step;
    Policy next;
  };
  const std::vector<Case> cases{
      {"all signed, only watched",
       {{signs, "a", 100}},
       none,
       AdviceStep::advance,
       Policy::quarantine},
      {"all signed, under quarantine",
       {{signs, "a", 100}},
       quarantine,
       AdviceStep::advance,
       Policy::reject},
      {"all signed, under reject", {{signs, "a", 100}}, reject, AdviceStep::done, Policy::reject},
      {"forged day and night",
       {{signs, "a", 100}, {nobody, "x", 10'000}},
       none,
       AdviceStep::advance,
       Policy::quarantine},
      {"a newsletter service that signs for itself",
       {{signs, "a", 100}, {stranger, "esp", 10}},
       none,
       AdviceStep::stay,
       Policy::none},
      {"spammers who sign for themselves and move on",
       {{signs, "a", 100}, {stranger, "x", 500, 2}, {stranger, "y", 500, 1}},
       none,
       AdviceStep::advance,
       Policy::quarantine},
      {"a printer that knows no better",
       {{signs, "a", 95}, {own, "a", 5}},
       none,
       AdviceStep::stay,
       Policy::none},
      {"a little of that",
       {{signs, "a", 99}, {own, "a", 1}},
       none,
       AdviceStep::advance,
       Policy::quarantine},
      {"a little of that is too much for reject",
       {{signs, "a", 99}, {own, "a", 1}},
       quarantine,
       AdviceStep::stay,
       Policy::quarantine},
      {"people on mailing lists: quarantine",
       {{signs, "a", 90}, {changed, "l", 10}},
       none,
       AdviceStep::advance,
       Policy::quarantine},
      {"people on mailing lists: no reject (RFC 9989 §7.4)",
       {{signs, "a", 90}, {changed, "l", 10}},
       quarantine,
       AdviceStep::stay,
       Policy::quarantine},
      {"SPF alone does, too",
       {{spf_only, "a", 100}},
       none,
       AdviceStep::advance,
       Policy::quarantine},
      {"a fortnight is enough for quarantine",
       {{signs, "a", 100, 14}},
       none,
       AdviceStep::advance,
       Policy::quarantine},
      {"less is not", {{signs, "a", 100, 13}}, none, AdviceStep::stay, Policy::none},
      {"four weeks are enough for reject",
       {{signs, "a", 100, 28}},
       quarantine,
       AdviceStep::advance,
       Policy::reject},
      {"less is not, either",
       {{signs, "a", 100, 27}},
       quarantine,
       AdviceStep::stay,
       Policy::quarantine},
      {"hardly any mail", {{signs, "a", 3}}, none, AdviceStep::stay, Policy::none},
      {"no mail at all", {}, none, AdviceStep::stay, Policy::none},
      {"nothing but forgeries", {{nobody, "x", 1'000}}, none, AdviceStep::stay, Policy::none},
      {"reject too early",
       {{signs, "a", 90}, {stranger, "esp", 10}},
       reject,
       AdviceStep::step_back,
       Policy::quarantine},
      {"quarantine too early",
       {{signs, "a", 80}, {stranger, "esp", 20}},
       quarantine,
       AdviceStep::step_back,
       Policy::none},
      {"reject, and a little is lost",
       {{signs, "a", 97}, {stranger, "esp", 3}},
       reject,
       AdviceStep::done,
       Policy::reject},
      {"a test that went well",
       {{signs, "a", 100}},
       quarantine + "; t=y",
       AdviceStep::advance,
       Policy::quarantine},
      {"a test that did not",
       {{signs, "a", 95}, {own, "a", 5}},
       quarantine + "; t=y",
       AdviceStep::stay,
       Policy::quarantine},
  };
  for (const Case& row : cases) {
    DYNAMIC_SECTION(row.name) {
      const Advice advice = advise(evidence_of(row.parts), row.record);
      CAPTURE(joined(advice.reasons));
      CHECK(advice.step == row.step);
      CHECK(advice.next == row.next);
      CHECK_FALSE(advice.reasons.empty());
      CHECK(dmarc::parse_record(advice.record)->policy == row.next);
    }
  }
}

TEST_CASE("advice: without a record, or with one that is none", "[advice]") {
  const DomainEvidence evidence = evidence_of({{SenderKind::signs, "a", 100}});
  for (const auto& record : {std::optional<std::string>(), std::optional<std::string>("spam"),
                             std::optional<std::string>("v=DMARC1; p=nonsense")}) {
    const Advice advice = advise(evidence, record);
    CHECK(advice.step == AdviceStep::publish);
    CHECK_FALSE(advice.current.has_value());
    CHECK(advice.record == "v=DMARC1; p=none; rua=mailto:dmarc-reports@shop.example");
  }
}

TEST_CASE("advice: the record keeps what it has, and loses what is over (RFC 9989 §4.7)",
          "[advice]") {
  const auto [before, after] = GENERATE(table<const char*, const char*>(
      {{"v=DMARC1; p=none", "v=DMARC1; p=reject"},
       {"v=DMARC1;p=none;sp=quarantine;rua=mailto:a@b.example!10m,mailto:c@d.example;fo=1",
        "v=DMARC1; p=reject; sp=quarantine; rua=mailto:a@b.example!10m,mailto:c@d.example; fo=1"},
       {"v=DMARC1; rua=mailto:a@b.example; p=quarantine; pct=50; ri=3600; rf=afrf; t=y;",
        "v=DMARC1; p=reject; rua=mailto:a@b.example"},
       {"v=DMARC1 ; P = none ; adkim=s", "v=DMARC1; p=reject; adkim=s"}}));
  CHECK(with_policy(before, Policy::reject) == after);
  CHECK(dmarc::parse_record(after)->policy == Policy::reject);
}

TEST_CASE("advice: what is to be done", "[advice]") {
  using enum SenderKind;
  const Advice advice = advise(evidence_of({{signs, "192.0.2.1", 100},
                                            {spf_only, "192.0.2.2", 10},
                                            {own, "192.0.2.1", 10},
                                            {stranger, "esp.example", 10},
                                            {stranger, "spam.example", 10, 1},
                                            {changed, "198.51.100.9", 10},
                                            {nobody, "203.0.113.66", 10}}),
                               "v=DMARC1; p=none; sp=none");
  const std::string to_do = joined(advice.to_do);
  CHECK_THAT(to_do, Contains("192.0.2.1 (300 messages): some of its mail passes"));
  CHECK_THAT(to_do, Contains("esp.example (300 messages): authenticates as itself alone"));
  CHECK_THAT(to_do, Contains("192.0.2.2 (300 messages): have it sign"));
  CHECK_THAT(to_do, Contains("no rua="));
  CHECK_THAT(to_do,
             !Contains("spam.example") && !Contains("198.51.100.9") && !Contains("203.0.113.66"));
}

TEST_CASE("advice: a milder policy for subdomains is told of", "[advice]") {
  const Advice advice = advise(evidence_of({{SenderKind::signs, "a", 100}}), none + "; sp=none");
  CHECK(advice.next == Policy::quarantine);
  CHECK_THAT(joined(advice.to_do), Contains("sp= is milder than p="));
}

}  // namespace sekisho::report::analysis
