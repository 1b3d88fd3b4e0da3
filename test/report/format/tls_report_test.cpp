#include "report/format/tls_report.hpp"

#include "report/sample.hpp"

#include <string>

#include <catch2/catch.hpp>

namespace sekisho::report::format {

namespace {

std::expected<TlsReading, std::string> read(std::string_view text) {
  auto readings = read_tls_reports(source_of(text), {});
  if (!readings) {
    return std::unexpected(readings.error());
  }
  REQUIRE(readings->size() == 1);
  return std::move(readings->front());
}

}  // namespace

TEST_CASE("RFC 8460 §4.4: every key is read", "[report]") {
  const auto reading = read(text_of("rfc8460.json"));
  REQUIRE(reading);
  CHECK(reading->notes.empty());
  const TlsReport& report = reading->report;
  CHECK(report.organization_name == "Company-X");
  CHECK(report.contact_info == "sts-reporting@company-x.example");
  CHECK(report.report_id == "5065427c-23d3-47ca-b6e0-946ea0e8c4be");
  REQUIRE(report.period);
  CHECK(report.period->begin == parse_date_time("2026-04-01T00:00:00Z"));
  CHECK(report.period->end == parse_date_time("2026-04-01T23:59:59Z"));
  REQUIRE(report.policies.size() == 1);
  const TlsPolicy& policy = report.policies[0];
  CHECK(policy.type == "sts");
  CHECK(policy.domain == "company-y.example");
  CHECK(policy.lines.size() == 4);
  CHECK(policy.mx_hosts == std::vector<std::string>{"*.mail.company-y.example"});
  CHECK(policy.successful_sessions == 5'326);
  CHECK(policy.failed_sessions == 303);
  REQUIRE(policy.failures.size() == 3);
  CHECK(policy.failures[1] == TlsFailure{.result_type = "starttls-not-supported",
                                         .sending_mta_ip = "2001:db8:abcd:0013::1",
                                         .receiving_mx_hostname = "mx2.mail.company-y.example",
                                         .receiving_ip = "203.0.113.56",
                                         .sessions = 200,
                                         .additional_information =
                                             "https://reports.company-x.example/"
                                             "report_info?id=5065427c-23d3#StarttlsNotSupported"});
  CHECK(policy.failures[2].failure_reason_code == "X509_V_ERR_PROXY_PATH_LENGTH_EXCEEDED");
}

TEST_CASE("a TLS report as a large sender writes it", "[report]") {
  const auto reading = read(text_of("google-tls.json"));
  REQUIRE(reading);
  CHECK(reading->notes.empty());
  CHECK(reading->report.policies[0].successful_sessions == 39);
}

TEST_CASE("what is no TLS report is refused", "[report]") {
  const auto [name, text, error] = GENERATE(table<std::string, std::string, std::string>({
      {"empty", "", "not JSON from octet"},
      {"truncated", "{\"report-id\":\"x\"", "not JSON from octet"},
      {"two values", "{\"report-id\":\"x\"} {}", "not JSON from octet"},
      {"not UTF-8", "{\"report-id\":\"\xff\"}", "not JSON from octet"},
      {"another object", "{\"a\":1}", "not a TLS report"},
      {"a list", "[1,2]", "not a TLS report"},
      {"depth in lists", std::string(1'000'000, '['), "objects are nested too deeply"},
      {"depth in objects",
       [] {
         std::string nested;
         for (int i = 0; i < 100'000; ++i) {
           nested += "{\"policies\":";
         }
         return nested;
       }(),
       "objects are nested too deeply"},
      {"many policies",
       [] {
         std::string list = "{\"policies\":[";
         for (int i = 0; i < 200'000; ++i) {
           list += "{},";
         }
         return list;
       }(),
       "more entries than are read"},
      {"many octets", std::string(17'000'000, ' '), "larger than"},
  }));
  CAPTURE(name);
  const auto reading = read(text);
  REQUIRE_FALSE(reading);
  CHECK_THAT(reading.error(), Catch::StartsWith(error));
}

TEST_CASE("values of the wrong kind are passed over", "[report]") {
  const auto reading = read(R"({"report-id": "x", "date-range": 7, "policies": {"policy":
      {"policy-type": null, "policy-domain": ["example.org"]}, "summary":
      {"total-successful-session-count": -3, "total-failure-session-count": 1e9},
      "failure-details": [{}, {"failed-session-count": true}]}})");
  REQUIRE(reading);
  REQUIRE(reading->report.policies.size() == 1);
  const TlsPolicy& policy = reading->report.policies[0];
  CHECK(policy.domain == "example.org");
  CHECK(policy.successful_sessions == 0);
  CHECK(policy.failed_sessions == 0);
  CHECK(policy.failures.size() == 2);
  CHECK(reading->notes ==
        std::vector<ReportNote>{{"a session count is no number and was left out", 2},
                                {"date-range is missing or no time", 1}});
}

TEST_CASE("session counts as they are written", "[report]") {
  const auto [text, count, is_noted] = GENERATE(table<std::string, std::uint64_t, bool>({
      {"5", 5, false},
      {"5.0", 5, false},
      {"\"5\"", 5, false},
      {"1000000000000", 1'000'000'000'000, false},
      {"1000000000001", 0, true},
      {"5.5", 0, true},
      {"-5", 0, true},
      {"\"many\"", 0, true},
      {"null", 0, false},
  }));
  CAPTURE(text);
  const auto reading = read(R"({"report-id": "x", "date-range": {"start-datetime": "2026-01-01",
      "end-datetime": "2026-01-02"}, "policies": [{"summary": {"total-successful-session-count": )" +
                            text + "}}]}");
  REQUIRE(reading);
  CHECK(reading->report.policies.at(0).successful_sessions == count);
  CHECK(reading->notes.empty() != is_noted);
}

TEST_CASE("a list of TLS reports is all of them", "[report]") {
  const std::string one = R"({"report-id": "1", "policies": [{"policy": {"policy-domain": "a"}}]})";
  const std::string two = R"({"report-id": "2", "policies": [{"policy": {"policy-domain": "b"}}]})";
  const std::string nameless = R"({"policies": [{"policy": {"policy-domain": "c"}}]})";
  const std::string text = "[" + one + ", {}, [" + two + "], " + nameless + ", " + nameless + "]";
  const auto readings = read_tls_reports(source_of(text), {});
  REQUIRE(readings);
  REQUIRE(readings->size() == 4);
  CHECK((*readings)[0].report.report_id == "1");
  CHECK((*readings)[1].report.policies.at(0).domain == "b");
  CHECK((*readings)[2].report.digest.size() == 20);
  CHECK((*readings)[2].report.digest != (*readings)[3].report.digest);
  CHECK((*readings)[0].report.digest.empty());
}

TEST_CASE("padding behind a TLS report is nobody's business", "[report]") {
  CHECK(read(R"({"report-id": "1"})" + std::string("\r\n\0\0", 4)));
}

TEST_CASE("RFC 3339 §5.6: dates with times", "[report]") {
  const auto [text, seconds] = GENERATE(table<std::string, std::int64_t>({
      {"1970-01-01T00:00:00Z", 0},
      {"2026-01-01t00:00:00z", 1'767'225'600},
      {"2026-01-01 00:00:00.250Z", 1'767'225'600},
      {"2026-01-01T01:30:00+01:30", 1'767'225'600},
      {"2025-12-31T19:00:00-05:00", 1'767'225'600},
      {"2025-12-31T24:00:00Z", 1'767'225'600},
      {"2024-02-29T00:00:00Z", 1'709'164'800},
      {"2026-02-29T00:00:00Z", -1},
      {"2026-01-01T00:00:00", 1'767'225'600},
      {"2026-01-01T25:00:00Z", -1},
      {"2026-1-01T00:00:00Z", -1},
      {"2026-01-01T00:00:00Zx", -1},
      {"-026-01-01T00:00:00Z", -1},
      {"2026-01-01", 1'767'225'600},
      {"", -1},
  }));
  CAPTURE(text);
  const auto time = parse_date_time(text);
  CHECK((time ? time->time_since_epoch().count() : -1) == seconds);
}

}  // namespace sekisho::report::format
