#include "report/analysis/summary.hpp"

#include "report/sample.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <string>

#include <catch2/catch.hpp>

namespace sekisho::report::analysis {

namespace {

bool add(Summary& summary, std::string_view text) {
  ReportCounts tally;
  const auto reading =
      format::read_aggregate(format::source_of(text), {},
                             [&](const format::AggregateRecord& record) { tally.add(record); });
  REQUIRE(reading);
  return summary.add(reading->header, std::move(tally));
}

dns::IpAddress ip(std::string_view text) {
  return dns::IpAddress::parse(text).value();
}

std::string report(const std::string& metadata, const std::string& header_from,
                   const std::string& count) {
  return "<feedback><report_metadata>" + metadata +
         "</report_metadata><policy_published><domain>example.org</domain></policy_published>"
         "<record><row><source_ip>192.0.2.1</source_ip><count>" +
         count + "</count></row><identifiers><header_from>" + header_from +
         "</header_from></identifiers></record></feedback>";
}

}  // namespace

TEST_CASE("reports of several senders add up per domain and source", "[report]") {
  Summary summary;
  CHECK(add(summary, text_of("google.xml")));
  CHECK(add(summary, text_of("microsoft.xml")));
  CHECK(add(summary, text_of("yahoo.xml")));
  CHECK(summary.reports() == 3);
  CHECK(summary.total().messages == 154);
  REQUIRE(summary.domains().size() == 2);

  const DomainSummary& domain = summary.domains().at("example.org");
  CHECK(domain.total == MessageCounts{.messages = 152,
                                      .pass = 147,
                                      .dkim_aligned = 147,
                                      .spf_aligned = 130,
                                      .delivered = 151,
                                      .quarantined = 1,
                                      .overridden = 4});
  CHECK(domain.sources.size() == 3);
  CHECK(domain.sources.at(ip("192.0.2.10")).messages == 147);
  CHECK(domain.reporters ==
        std::map<std::string, std::uint64_t>{{"google.example", 134}, {"Outlook.example", 18}});
  REQUIRE(domain.days.size() == 1);
  CHECK(domain.days.begin()->first ==
        std::chrono::sys_days(std::chrono::year(2026) / std::chrono::January / 1));
  // The report whose period ends last.
  CHECK(domain.policy->spf_alignment == dmarc::AlignmentMode::strict);
  CHECK(summary.domains().at("shop.example.org").total.fail() == 2);
}

TEST_CASE("RFC 9990 §3.5.4: a report is counted once", "[report]") {
  Summary summary;
  CHECK(add(summary, text_of("google.xml")));
  CHECK_FALSE(add(summary, text_of("google.xml")));
  CHECK(summary.total().messages == 134);
  SECTION("of those that have no name of their own the text decides") {
    CHECK(add(summary, report("", "example.org", "1")));
    CHECK(add(summary, report("", "example.org", "2")));
    CHECK_FALSE(add(summary, report("", "example.org", "1")));
  }
}

TEST_CASE("names and numbers that reports choose", "[report]") {
  Summary summary;
  SECTION("a domain is compared as domains are; none in the record is that of the policy") {
    for (const std::string name : {"EXAMPLE.org.", "", "example.org"}) {
      add(summary, report("<email>x@reporter.example</email>", name, "2"));
    }
    CHECK(summary.domains().at("example.org").total.messages == 6);
    CHECK(summary.domains().at("example.org").reporters.at("reporter.example") == 6);
  }
  SECTION("what is no domain") {
    add(summary, report("", "=cmd|' /C calc'!A0", "1"));
    CHECK(summary.domains().begin()->first == format::no_domain);
  }
  SECTION("more domains than are told apart") {
    for (int i = 0; i < 1'100; ++i) {
      add(summary, report("", "d" + std::to_string(i) + ".example", "1"));
    }
    CHECK(summary.domains().size() == 1'001);
    CHECK(summary.domains().at(Summary::others).total.messages == 100);
  }
  SECTION("more domains in one report than are told apart") {
    ReportCounts tally;
    for (int i = 0; i < 1'100; ++i) {
      tally.add({.count = 1, .header_from = "d" + std::to_string(i) + ".example"});
    }
    summary.add(format::AggregateHeader{}, std::move(tally));
    CHECK(summary.domains().size() <= Summary::max_names + 1);
    CHECK(summary.domains().contains(Summary::others));
    CHECK(summary.total().messages == 1'100);
  }
  SECTION("a long name of a reporter is cut") {
    CHECK(format::reporter_of(format::Metadata{.org_name = std::string(5'000, 'x')}).size() == 100);
    CHECK(format::reporter_of(format::Metadata{.email = "a@b@reporter.example"}) ==
          "reporter.example");
    CHECK(format::reporter_of(format::Metadata{.email = "reporter.example"}) == "reporter.example");
    CHECK(format::reporter_of(format::Metadata{.email = "a@"}) == "(unnamed)");
  }
  SECTION("sums do not run over") {
    MessageCounts tally{.messages = std::numeric_limits<std::uint64_t>::max() - 1};
    tally.add(MessageCounts{.messages = 5});
    CHECK(tally.messages == std::numeric_limits<std::uint64_t>::max());
  }
}

TEST_CASE("sources beyond a million are counted together", "[report]") {
  Summary summary;
  const auto add_sources = [&summary](std::uint32_t first, std::uint32_t count) {
    format::AggregateRecord record;
    record.header_from = "example.org";
    record.count = 1;
    ReportCounts tally;
    for (std::uint32_t i = first; i < first + count; ++i) {
      record.source = dns::IpAddress::v4(
          {static_cast<std::uint8_t>(10 + (i >> 24U)), static_cast<std::uint8_t>(i >> 16U),
           static_cast<std::uint8_t>(i >> 8U), static_cast<std::uint8_t>(i)});
      tally.add(record);
    }
    format::AggregateHeader header;
    header.digest = std::to_string(first);
    summary.add(header, std::move(tally));
  };
  constexpr std::uint32_t most = Summary::max_sources;
  constexpr std::uint32_t piece = ReportCounts::max_sources;
  for (std::uint32_t first = 0; first < most - 1; first += piece) {
    add_sources(first, std::min(piece, most - 1 - first));
  }
  add_sources(most - 3, 5);  // two that are known, one for which there is room, two beyond
  const DomainSummary& domain = summary.domains().at("example.org");
  CHECK(domain.sources.size() == most);
  CHECK(domain.sources.at(ip("10.15.66.62")).messages == 2);
  CHECK(domain.other_sources.messages == 2);
  CHECK(domain.total.messages == most + 4);
}

TEST_CASE("TLS reports add up per domain", "[report]") {
  Summary summary;
  const auto readings = format::read_tls_reports(format::source_of(text_of("rfc8460.json")), {});
  REQUIRE(readings);
  const format::TlsReport& report = readings->at(0).report;
  CHECK(summary.add(report));
  CHECK_FALSE(summary.add(report));
  const TlsSummary& tls = summary.tls().at("company-y.example");
  CHECK(tls.successful == 5'326);
  CHECK(tls.failed == 303);
  CHECK(tls.failures.at("certificate-expired") == 100);
}

TEST_CASE("failure reports add up per author domain, each once", "[report]") {
  Summary summary;
  format::FeedbackReport report{.type = format::FeedbackType::auth_failure,
                                .reporter = "reporter.example",
                                .author_domain = "Example.ORG",
                                .source = ip("192.0.2.1"),
                                .auth_failure = "dmarc",
                                .digest = "1"};
  CHECK(summary.add(report));
  CHECK_FALSE(summary.add(report));
  report.digest = "2";
  report.auth_failure = "spf";
  report.incidents = 4;
  CHECK(summary.add(report));
  report = {.type = format::FeedbackType::auth_failure, .digest = "3"};
  CHECK(summary.add(report));
  CHECK(summary.add(format::FeedbackReport{.type = format::FeedbackType::abuse, .digest = "4"}));

  CHECK(summary.reports() == 0);
  CHECK(summary.failure_reports() == 3);
  CHECK(summary.feedback().at(format::FeedbackType::abuse) == 1);
  CHECK(summary.failure_details().size() == 3);
  const FailureSummary& domain = summary.failures().at("example.org");
  CHECK(domain.messages == 5);
  CHECK(domain.failed == std::map<std::string, std::uint64_t>{{"dmarc", 1}, {"spf", 4}});
  CHECK(domain.sources.at("192.0.2.1") == 5);
  CHECK(domain.reporters.at("reporter.example") == 5);
  CHECK(summary.failures().at(format::no_domain).sources.at("(not said)") == 1);
}

TEST_CASE("sources of one report beyond its limit are counted together", "[report]") {
  format::AggregateRecord record;
  record.header_from = "example.org";
  record.count = 1;
  ReportCounts tally;
  for (std::uint32_t i = 0; i < ReportCounts::max_sources + 2; ++i) {
    record.source =
        dns::IpAddress::v4({10, static_cast<std::uint8_t>(i >> 16U),
                            static_cast<std::uint8_t>(i >> 8U), static_cast<std::uint8_t>(i)});
    tally.add(record);
  }
  record.source = ip("10.0.0.1");
  tally.add(record);
  Summary summary;
  summary.add({}, std::move(tally));
  const DomainSummary& domain = summary.domains().at("example.org");
  CHECK(domain.sources.size() == ReportCounts::max_sources);
  CHECK(domain.sources.at(ip("10.0.0.1")).messages == 2);
  CHECK(domain.other_sources.messages == 2);
  CHECK(domain.total.messages == ReportCounts::max_sources + 3);
}

}  // namespace sekisho::report::analysis
