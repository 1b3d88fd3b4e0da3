#include "report/aggregate_sender/report_names.hpp"

#include "mail/ascii.hpp"

#include <algorithm>
#include <chrono>

#include <catch2/catch.hpp>

namespace sekisho::report::aggregate_sender {

namespace {

using namespace std::chrono_literals;

const mail::Domain submitter = mail::Domain::parse("receiver.example").value();
constexpr std::chrono::sys_days day{2026y / 11 / 21};
constexpr format::Period period{day, day + std::chrono::days{1}};

}  // namespace

TEST_CASE("a report is called as RFC 9990 §3.5 says", "[report_send]") {
  const ReportNames names =
      names_of("0123abc", submitter, "example.com", period, format::Form::rfc9990);
  CHECK(names.report_id == "0123abc");
  CHECK(names.subject ==
        "Report Domain: example.com Submitter: receiver.example Report-ID: <0123abc>");
  // The last second within the period, as in RFC 9990 appendix B, and UTC.
  CHECK(names.file_name == "receiver.example!example.com!1795219200!1795305599!0123abc.xml.gz");
  CHECK(names.message_id == "0123abc@receiver.example");
}

TEST_CASE("RFC 7489 §7.2.1.1 has a msg-id for the Report-ID", "[report_send]") {
  const ReportNames names =
      names_of("0123abc", submitter, "example.com", period, format::Form::rfc7489);
  CHECK(names.report_id == "0123abc@receiver.example");
  CHECK(names.subject.ends_with("Report-ID: <0123abc@receiver.example>"));
  CHECK(names.file_name.ends_with("!0123abc.xml.gz"));
}

TEST_CASE("a report has one identifier, and no other report has it", "[report_send]") {
  const std::string id = unique_id(submitter, "example.com", period);
  CHECK(id.size() == 32);
  CHECK(std::ranges::all_of(id, mail::is_alphanumeric));  // RFC 9990 §3.5.2: unique-id
  CHECK(unique_id(submitter, "example.com", period) == id);
  CHECK(unique_id(submitter, "example.net", period) != id);
  CHECK(unique_id(mail::Domain::parse("other.example").value(), "example.com", period) != id);
  const format::Period next{period.end, period.end + std::chrono::days{1}};
  CHECK(unique_id(submitter, "example.com", next) != id);
}

}  // namespace sekisho::report::aggregate_sender
