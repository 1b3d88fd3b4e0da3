// Reports that were received and are kept.
#include "report/store/received.hpp"

#include "home.hpp"
#include "report/store/received_tls.hpp"

#include <cstdint>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::report::store {

namespace {

using std::chrono::days;
using std::chrono::hours;

format::AggregateHeader a_header(std::string id = "1", std::string domain = "example.org") {
  format::AggregateHeader header;
  header.metadata.org_name = "receiver.example";
  header.metadata.email = "dmarc@receiver.example";
  header.metadata.report_id = std::move(id);
  header.metadata.period = day_period(first_day);
  header.policy = an_observation().policy;
  header.policy.domain = std::move(domain);
  return header;
}

ReceivedRecords some_records() {
  ReceivedRecords records;
  format::AggregateRecord record = an_observation().record;
  record.count = 3;
  records.add(record);
  records.add(record);
  record.source = *dns::IpAddress::parse("2001:db8::1");
  records.add(record);
  record.header_from = "sub.example.org";
  record.dkim_aligned = true;
  records.add(record);
  return records;
}

struct Kept {
  format::AggregateHeader header;
  format::AggregateRecord record;
};

std::vector<Kept> all_of(ReceivedReports& received, const std::string& domain = "example.org",
                         std::chrono::sys_seconds since = {}) {
  std::vector<Kept> all;
  const auto read = received.read(
      domain, since,
      [&](const format::AggregateHeader& header, const format::AggregateRecord& record) {
        all.push_back({header, record});
      });
  if (!read) {
    FAIL(read.error().text);
  }
  return all;
}

constexpr std::chrono::sys_seconds now = first_day + days(2) + hours(5);

}  // namespace

TEST_CASE("received: a report is kept, and given back", "[store]") {
  for (const Backend backend : backends()) {
    DYNAMIC_SECTION("backend " << static_cast<int>(backend)) {
      const Home home(backend);
      Store store = home.store();
      ReceivedReports received(store);
      CHECK(received.add(a_header(), some_records(), now) == AddOutcome::kept);
      const auto all = all_of(received);
      REQUIRE(all.size() == 3);
      format::AggregateRecord expected = an_observation().record;
      expected.count = 6;
      CHECK(all.front().record == expected);
      CHECK(all.front().header == a_header());
      std::uint64_t messages = 0;
      for (const Kept& kept : all) {
        messages += kept.record.count;
      }
      CHECK(messages == 12);
    }
  }
}

TEST_CASE("received: reports of any length are given one after the other", "[store]") {
  constexpr int most = 2'500;  // a cursor gives a thousand at once
  for (const Backend backend : backends()) {
    DYNAMIC_SECTION("backend " << static_cast<int>(backend)) {
      const Home home(backend);
      Store store = home.store();
      ReceivedReports received(store);
      ReceivedRecords many;
      for (int i = 0; i < most; ++i) {
        format::AggregateRecord record = an_observation().record;
        record.source = *dns::IpAddress::parse("2001:db8::" + std::to_string(i));
        many.add(std::move(record));
      }
      CHECK(received.add(a_header("2"), many, now) == AddOutcome::kept);
      format::AggregateHeader older = a_header("1");
      older.metadata.period = day_period(first_day - days(1));
      CHECK(received.add(older, some_records(), now) == AddOutcome::kept);
      const auto all = all_of(received);
      REQUIRE(all.size() == most + 3);
      CHECK(all[2].header == older);
      CHECK(all[3].header == a_header("2"));
      CHECK(all.back().header == a_header("2"));
    }
  }
}

TEST_CASE("received: the same report counts once (RFC 9990 §3.5.4)", "[store]") {
  for (const Backend backend : backends()) {
    DYNAMIC_SECTION("backend " << static_cast<int>(backend)) {
      const Home home(backend);
      Store store = home.store();
      ReceivedReports received(store);
      CHECK(received.add(a_header(), some_records(), now) == AddOutcome::kept);
      CHECK(received.add(a_header(), some_records(), now) == AddOutcome::known);
      CHECK(received.add(a_header("2"), some_records(), now) == AddOutcome::kept);
      CHECK(received.add(a_header("1", "example.net"), some_records(), now) == AddOutcome::kept);
      format::AggregateHeader other = a_header();
      other.metadata.org_name = "another.example";
      CHECK(received.add(other, some_records(), now) == AddOutcome::kept);
      CHECK(all_of(received).size() == 9);
    }
  }
}

TEST_CASE("received: without a name a report is known by its text", "[store]") {
  const Home home(Backend::sqlite);
  Store store = home.store();
  ReceivedReports received(store);
  format::AggregateHeader nameless = a_header("");
  nameless.digest = "x";
  CHECK(received.add(nameless, some_records(), now) == AddOutcome::kept);
  CHECK(received.add(nameless, some_records(), now) == AddOutcome::known);
  nameless.digest = "y";
  CHECK(received.add(nameless, some_records(), now) == AddOutcome::kept);
}

TEST_CASE("received: a reporter may give the same name to the report of every day", "[store]") {
  for (const Backend backend : backends()) {
    DYNAMIC_SECTION("backend " << static_cast<int>(backend)) {
      const Home home(backend);
      Store store = home.store();
      ReceivedReports received(store);
      format::AggregateHeader header = a_header("example.org");
      CHECK(received.add(header, some_records(), now) == AddOutcome::kept);
      header.metadata.period = day_period(first_day + days(1));
      CHECK(received.add(header, some_records(), now) == AddOutcome::kept);
      CHECK(received.add(header, some_records(), now) == AddOutcome::known);
      CHECK(all_of(received).size() == 6);
    }
  }
}

TEST_CASE("received: a name may be long", "[store]") {
  std::string name;
  for (int i = 0; i < 1'000; ++i) {
    name += std::to_string(i * 7'919);  // nothing that would compress well
  }
  for (const Backend backend : backends()) {
    DYNAMIC_SECTION("backend " << static_cast<int>(backend)) {
      const Home home(backend);
      Store store = home.store();
      ReceivedReports received(store);
      CHECK(received.add(a_header(name), some_records(), now) == AddOutcome::kept);
      CHECK(received.add(a_header(name), some_records(), now) == AddOutcome::known);
    }
  }
}

TEST_CASE("received: by domain, those below it, and time", "[store]") {
  for (const Backend backend : backends()) {
    DYNAMIC_SECTION("backend " << static_cast<int>(backend)) {
      const Home home(backend);
      Store store = home.store();
      ReceivedReports received(store);
      REQUIRE(received.add(a_header("1", "Example.ORG"), some_records(), now));
      REQUIRE(received.add(a_header("2", "sub.example.org"), some_records(), now));
      REQUIRE(received.add(a_header("3", "notexample.org"), some_records(), now));
      REQUIRE(received.add(a_header("4", "no domain"), some_records(), now));
      CHECK(all_of(received).size() == 6);
      CHECK(all_of(received, "sub.example.org").size() == 3);
      CHECK(all_of(received, "example.org", first_day + days(1)).empty());
      CHECK(all_of(received, "example.org", first_day + hours(23)).size() == 6);
    }
  }
}

TEST_CASE("received: a report without a period has no day to be kept under", "[store]") {
  const Home home(Backend::sqlite);
  Store store = home.store();
  ReceivedReports received(store);
  format::AggregateHeader header = a_header();
  header.metadata.period.reset();
  CHECK(received.add(header, some_records(), now) == AddOutcome::undated);
  CHECK(all_of(received).empty());
}

TEST_CASE("received: retention is that of the rest", "[store]") {
  const Home home(Backend::sqlite);
  Store store = home.store();
  ReceivedReports received(store);
  REQUIRE(received.add(a_header(), some_records(), now) == AddOutcome::kept);
  REQUIRE(store.forget_before(first_day + days(1)));
  CHECK(all_of(received).empty());
  CHECK(received.add(a_header(), some_records(), now) == AddOutcome::kept);
}

TEST_CASE("received: more outcomes than are kept", "[store]") {
  const Home home(Backend::sqlite);
  Store store = home.store();
  ReceivedReports received(store);
  ReceivedRecords records;
  for (std::size_t i = 0; i <= ReceivedRecords::max_outcomes; ++i) {
    format::AggregateRecord record;
    record.header_from = std::to_string(i);
    records.add(std::move(record));
  }
  CHECK(received.add(a_header(), records, now) == AddOutcome::too_many);
  CHECK(all_of(received).empty());
}

TEST_CASE("received: the limits of one report are exact", "[store]") {
  format::AggregateRecord record;
  SECTION("outcomes") {
    ReceivedRecords records;
    for (std::size_t i = 0; i < ReceivedRecords::max_outcomes; ++i) {
      record.header_from = std::to_string(i);
      records.add(record);
    }
    records.add(record);
    CHECK_FALSE(records.has_too_many());
    record.header_from = "x";
    records.add(record);
    CHECK(records.has_too_many());
  }
  SECTION("sources") {
    ReceivedRecords records;
    for (std::uint32_t i = 0; i < ReceivedRecords::max_sources; ++i) {
      record.source =
          dns::IpAddress::v4({10, static_cast<std::uint8_t>(i >> 16U),
                              static_cast<std::uint8_t>(i >> 8U), static_cast<std::uint8_t>(i)});
      records.add(record);
    }
    records.add(record);
    CHECK_FALSE(records.has_too_many());
    record.source = *dns::IpAddress::parse("192.0.2.1");
    records.add(record);
    CHECK(records.has_too_many());
  }
  SECTION("text") {
    ReceivedRecords records;
    for (int i = 0; i < 16; ++i) {
      record.header_from = std::to_string(i) + std::string(1'000'000, 'x');
      records.add(record);
    }
    CHECK_FALSE(records.has_too_many());
    record.header_from = "17" + std::string(1'000'000, 'x');
    records.add(record);
    CHECK(records.has_too_many());
  }
}

namespace {

format::TlsReport a_tls_report(std::string id = "1") {
  format::TlsReport report;
  report.organization_name = "receiver.example";
  report.contact_info = "tls@receiver.example";
  report.report_id = std::move(id);
  report.period = day_period(first_day);
  report.policies = {{.type = "sts",
                      .domain = "example.org",
                      .lines = {"version: STSv1", "mode: enforce"},
                      .mx_hosts = {"mx.example.org"},
                      .successful_sessions = 5,
                      .failed_sessions = 2,
                      .failures = {{.result_type = "certificate-expired",
                                    .sending_mta_ip = "192.0.2.1",
                                    .receiving_mx_hostname = "mx.example.org",
                                    .receiving_mx_helo = "mx",
                                    .receiving_ip = "192.0.2.2",
                                    .sessions = 2,
                                    .additional_information = "a",
                                    .failure_reason_code = "b"}}},
                     {.type = "no-policy-found", .domain = "sub.example.org"}};
  return report;
}

std::vector<format::TlsPolicy> all_policies(Store& store, const std::string& domain,
                                            std::chrono::sys_seconds since = {}) {
  std::vector<format::TlsPolicy> policies;
  const auto read = ReceivedTlsReports(store).read(
      domain, since, [&](const format::TlsReport& report, const format::TlsPolicy& policy) {
        CHECK(report.organization_name == "receiver.example");
        CHECK(report.period.has_value());
        policies.push_back(policy);
      });
  REQUIRE(read);
  return policies;
}

}  // namespace

TEST_CASE("received: a TLS report is kept once, and given back", "[store]") {
  for (const Backend backend : backends()) {
    DYNAMIC_SECTION("backend " << static_cast<int>(backend)) {
      const Home home(backend);
      Store store = home.store();
      ReceivedTlsReports received(store);
      CHECK(received.add(a_tls_report(), now) == AddOutcome::kept);
      CHECK(received.add(a_tls_report(), now) == AddOutcome::known);
      CHECK(all_policies(store, "example.org") == a_tls_report().policies);
      CHECK(all_policies(store, "sub.example.org").size() == 1);
      CHECK(all_policies(store, "ample.org").empty());
      CHECK(all_policies(store, "example.org", first_day + days(1)).empty());
      format::TlsReport next = a_tls_report();
      next.period = day_period(first_day + days(1));
      CHECK(received.add(next, now) == AddOutcome::kept);
      CHECK(received.add(a_tls_report("2"), now) == AddOutcome::kept);
      next.period.reset();
      CHECK(received.add(next, now) == AddOutcome::undated);
      CHECK(all_policies(store, "example.org").size() == 6);
      REQUIRE(store.forget_before(first_day + days(1)));
      CHECK(all_policies(store, "example.org").size() == 2);
    }
  }
}

}  // namespace sekisho::report::store
