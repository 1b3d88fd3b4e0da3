#include "report/analysis/evidence.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::report::analysis {

namespace {

using std::chrono::days;

constexpr std::chrono::sys_days first_day{std::chrono::year{2026} / 11 / 1};

format::AggregateHeader header_of(std::chrono::sys_days day,
                                  const char* reporter = "receiver.example") {
  format::AggregateHeader header;
  header.metadata.org_name = reporter;
  header.metadata.period = format::Period{day, day + days(1)};
  header.policy.domain = "shop.example";
  return header;
}

format::AggregateRecord record_of(const char* source, std::uint64_t count) {
  format::AggregateRecord record;
  record.source = *dns::IpAddress::parse(source);
  record.count = count;
  record.header_from = "shop.example";
  return record;
}

format::AggregateRecord failed(const char* source, std::uint64_t count,
                               std::vector<format::DkimAuthResult> dkim,
                               std::vector<format::SpfAuthResult> spf = {}) {
  format::AggregateRecord record = record_of(source, count);
  record.dkim = std::move(dkim);
  record.spf = std::move(spf);
  return record;
}

format::AggregateRecord passed(const char* source, std::uint64_t count, bool dkim, bool spf) {
  format::AggregateRecord record = record_of(source, count);
  record.dkim_aligned = dkim;
  record.spf_aligned = spf;
  return record;
}

const MailSource& only_sender(const DomainEvidence& evidence) {
  REQUIRE(evidence.senders.size() == 1);
  return evidence.senders.front();
}

}  // namespace

TEST_CASE("evidence: who sent a message, and why it failed", "[advice]") {
  struct Case {
    const char* name;
    format::AggregateRecord record;
    SenderKind kind;
    const char* sender;
  };
  using enum format::AuthResult;
  format::AggregateRecord forwarded =
      failed("198.51.100.9", 1, {}, {{"list.example", format::SpfScope::mfrom, pass, ""}});
  forwarded.reasons = {{format::OverrideType::mailing_list, ""}};
  const std::vector<Case> cases{
      {"signed", passed("192.0.2.1", 1, true, true), SenderKind::signs, "192.0.2.1"},
      {"signed and forwarded", passed("198.51.100.9", 1, true, false), SenderKind::signs,
       "198.51.100.9"},
      {"SPF alone", passed("192.0.2.1", 1, false, true), SenderKind::spf_only, "192.0.2.1"},
      {"our signature, broken",
       failed("198.51.100.9", 1,
              {{"shop.example", "s", fail, ""}, {"list.example", "l", pass, ""}}),
       SenderKind::changed, "198.51.100.9"},
      {"our signature, its key not found",
       failed("198.51.100.9", 1, {{"mail.shop.example", "s", permerror, ""}}), SenderKind::changed,
       "198.51.100.9"},
      {"a list, as the receiver says", forwarded, SenderKind::changed, "198.51.100.9"},
      {"a service that signs for itself",
       failed("203.0.113.5", 1, {{"ESP.example", "k", pass, ""}}), SenderKind::stranger,
       "esp.example"},
      {"a service that SPF allows for itself",
       failed("203.0.113.5", 1, {}, {{"bounce.esp.example", format::SpfScope::mfrom, pass, ""}}),
       SenderKind::stranger, "bounce.esp.example"},
      {"nothing at all",
       failed("203.0.113.66", 1, {}, {{"x.example", format::SpfScope::mfrom, fail, ""}}),
       SenderKind::nobody, "203.0.113.66"},
      {"a name that is none", failed("203.0.113.66", 1, {{"no domain", "k", pass, ""}}),
       SenderKind::nobody, "203.0.113.66"},
  };
  for (const Case& row : cases) {
    DYNAMIC_SECTION(row.name) {
      Evidence evidence(*mail::Domain::parse("shop.example"));
      evidence.add(header_of(first_day), row.record);
      const DomainEvidence found = evidence.conclude();
      CHECK(only_sender(found).kind == row.kind);
      CHECK(only_sender(found).name == row.sender);
    }
  }
}

TEST_CASE("evidence: what passes otherwise is ours where it fails", "[advice]") {
  const auto [passing, kind] =
      GENERATE(table<std::uint64_t, SenderKind>({{20, SenderKind::own},
                                                 {100, SenderKind::own},
                                                 {19, SenderKind::nobody},
                                                 {0, SenderKind::nobody}}));
  CAPTURE(passing);
  Evidence evidence(*mail::Domain::parse("shop.example"));
  evidence.add(header_of(first_day), failed("192.0.2.1", 80, {}));
  evidence.add(header_of(first_day), passed("192.0.2.1", passing, true, true));
  CHECK(evidence.conclude().messages_of(kind) == 80);
}

TEST_CASE("evidence: senders of no business of the domain's", "[advice]") {
  Evidence evidence(*mail::Domain::parse("shop.example"));
  evidence.add(header_of(first_day),
               failed("203.0.113.5", 7, {{"esp.example", "k", format::AuthResult::pass, ""}}));
  evidence.add(header_of(first_day), passed("192.0.2.1", 5, true, true));
  const DomainEvidence found = evidence.conclude({"esp.example", "192.0.2.1"});
  CHECK(found.messages_of(SenderKind::nobody) == 7);
  CHECK(found.messages_of(SenderKind::stranger) == 0);
  CHECK(found.messages_of(SenderKind::signs) == 5);  // what passes is the domain's
}

TEST_CASE("evidence: names below the domain, and others", "[advice]") {
  Evidence evidence(*mail::Domain::parse("shop.example"));
  for (const char* from :
       {"shop.example", "News.Shop.Example", "", "other.example", "notshop.example", "no domain"}) {
    format::AggregateRecord record = passed("192.0.2.1", 1, true, true);
    record.header_from = from;
    evidence.add(header_of(first_day), record);
  }
  CHECK(evidence.conclude().total.messages == 3);
}

TEST_CASE("evidence: days, the last of them, and reporters", "[advice]") {
  Evidence evidence(*mail::Domain::parse("shop.example"));
  for (int day = 0; day < 20; ++day) {
    evidence.add(header_of(first_day + days(day), day % 2 == 0 ? "a.example" : "b.example"),
                 passed("192.0.2.1", 10, true, true));
  }
  const DomainEvidence found = evidence.conclude();
  CHECK(found.days.size() == 20);
  CHECK(found.reporters == 2);
  CHECK(only_sender(found).days == 20);
  CHECK(only_sender(found).total.messages == 200);
  CHECK(only_sender(found).recent.messages == 70);
}

TEST_CASE("evidence: nothing", "[advice]") {
  const DomainEvidence found = Evidence(*mail::Domain::parse("shop.example")).conclude();
  CHECK(found.senders.empty());
  CHECK(found.total.messages == 0);
}

TEST_CASE("evidence: a flood of names", "[advice]") {
  Evidence evidence(*mail::Domain::parse("shop.example"));
  for (int i = 0; i < 5'000; ++i) {
    const std::string address = "2001:db8::" + std::to_string(i);
    evidence.add(header_of(first_day), failed(address.c_str(), 1, {}));
  }
  const DomainEvidence found = evidence.conclude();
  CHECK(found.senders.size() == Summary::max_names + 1);
  CHECK(found.total.messages == 5'000);
}

}  // namespace sekisho::report::analysis
