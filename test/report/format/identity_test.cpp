#include "report/format/identity.hpp"

#include <string>

#include <catch2/catch.hpp>

namespace sekisho::report::format {

namespace {

AggregateHeader a_header() {
  using std::chrono::seconds;
  using std::chrono::sys_seconds;
  AggregateHeader header;
  header.metadata.org_name = "receiver.example";
  header.metadata.report_id = "1";
  header.metadata.period = Period{sys_seconds(seconds(100)), sys_seconds(seconds(200))};
  header.policy.domain = "Example.ORG.";
  return header;
}

std::string key_with(void (*change)(AggregateHeader&)) {
  AggregateHeader header = a_header();
  change(header);
  return identity_of(header).key();
}

}  // namespace

TEST_CASE("RFC 9990 §3.5.4: what tells a report from another", "[report]") {
  const std::string key = identity_of(a_header()).key();
  SECTION("reporter, domain, name and time") {
    CHECK(key_with([](AggregateHeader& h) { h.metadata.org_name = "b.example"; }) != key);
    CHECK(key_with([](AggregateHeader& h) { h.policy.domain = "example.net"; }) != key);
    CHECK(key_with([](AggregateHeader& h) { h.metadata.report_id = "2"; }) != key);
    CHECK(key_with([](AggregateHeader& h) {
            h.metadata.period->begin += std::chrono::seconds(1);
          }) != key);
    CHECK(key_with([](AggregateHeader& h) { h.metadata.period.reset(); }) != key);
  }
  SECTION("nothing else, nor how the domain is written") {
    CHECK(key_with([](AggregateHeader& h) { h.policy.domain = "example.org"; }) == key);
    CHECK(key_with([](AggregateHeader& h) { h.metadata.email = "x@receiver.example"; }) == key);
    CHECK(key_with([](AggregateHeader& h) { h.metadata.period->end += std::chrono::seconds(1); }) ==
          key);
    CHECK(key_with([](AggregateHeader& h) { h.digest = "x"; }) == key);
  }
  SECTION("without a name it is a digest of the text") {
    const auto nameless = [](const char* digest) {
      AggregateHeader header = a_header();
      header.metadata.report_id.clear();
      header.digest = digest;
      return identity_of(header).key();
    };
    CHECK(nameless("x") == nameless("x"));
    CHECK(nameless("x") != nameless("y"));
  }
  SECTION("a name is cut where it is longer than a key may be") {
    AggregateHeader header = a_header();
    header.metadata.report_id = std::string(1'001, 'x');
    CHECK(identity_of(header).id == std::string(1'000, 'x'));
  }
}

TEST_CASE("a TLS report is not the aggregate report of the same name", "[report]") {
  TlsReport report;
  report.organization_name = "receiver.example";
  report.report_id = "1";
  report.period = a_header().metadata.period;
  CHECK(identity_of(report).key() != identity_of(a_header()).key());
  TlsReport other = report;
  other.period->begin += std::chrono::days(1);
  CHECK(identity_of(report).key() != identity_of(other).key());
  other = report;
  other.contact_info = "x@receiver.example";
  CHECK(identity_of(report).key() == identity_of(other).key());
}

}  // namespace sekisho::report::format
