#include "report/format/aggregate_writer.hpp"

#include "report/sample.hpp"
#include "report/schema.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::report::format {

namespace {

std::string write(const AggregateHeader& header, const std::vector<AggregateRecord>& records) {
  std::string text;
  AggregateWriter writer(header, [&](std::string_view piece) { text += piece; });
  for (const AggregateRecord& record : records) {
    writer.record(record);
  }
  writer.finish();
  return text;
}

AggregateHeader full_header(Form form) {
  AggregateHeader header{
      .form = form,
      .metadata = {.org_name = "M\xc3\xbcller & <Sons>",
                   .email = "dmarc@example.net",
                   .extra_contact_info = "https://example.net/?a=1&b=2",
                   .report_id = "20260101.example.org",
                   .period = Period{std::chrono::sys_seconds(std::chrono::seconds(1'767'225'600)),
                                    std::chrono::sys_seconds(std::chrono::seconds(1'767'311'999))},
                   .errors = {"sp= is no policy"}},
      .policy = {.domain = "example.org",
                 .policy = dmarc::Policy::reject,
                 .subdomain_policy = dmarc::Policy::quarantine,
                 .dkim_alignment = dmarc::AlignmentMode::strict,
                 .spf_alignment = dmarc::AlignmentMode::relaxed,
                 .failure_options = "1:d"}};
  if (form == Form::rfc9990) {
    header.metadata.generator = "Sekisho";
    header.policy.discovery_method = dmarc::DiscoveryMethod::psl;
    header.policy.nonexistent_policy = dmarc::Policy::none;
    header.policy.testing = false;
  } else {
    header.policy.percent = 20;
  }
  return header;
}

std::vector<AggregateRecord> full_records() {
  std::vector<AggregateRecord> records(2);
  records[0] = {.source = dns::IpAddress::parse("192.0.2.1").value(),
                .count = 41,
                .disposition = ActionDisposition::reject,
                .header_from = "example.org",
                .dkim = {{.domain = "example.org",
                          .selector = "s1",
                          .result = AuthResult::fail,
                          .human_result = "body hash did not verify"},
                         {.domain = "esp.example", .selector = "x", .result = AuthResult::pass}},
                .spf = {{.domain = "", .result = AuthResult::none}}};
  records[0].spf[0].domain = "client.example.com";
  records[1] = {.source = dns::IpAddress::parse("2001:db8::1").value(),
                .count = 1,
                .dkim_aligned = true,
                .spf_aligned = true,
                .reasons = {{.type = OverrideType::trusted_forwarder, .comment = "arc=pass"}},
                .header_from = "sub.example.org",
                .envelope_from = "bounce.example.org",
                .envelope_to = "example.net",
                .spf = {{.domain = "bounce.example.org", .result = AuthResult::softfail}}};
  return records;
}

}  // namespace

TEST_CASE("what is written is valid and is read as it was", "[report]") {
  const Form form = GENERATE(Form::rfc9990, Form::rfc7489);
  CAPTURE(form == Form::rfc9990);
  const std::string text = write(full_header(form), full_records());
  INFO(text);
  CHECK(is_valid(text, form));
  const auto report = read_whole(text);
  REQUIRE(report);
  CHECK(report->reading.header == full_header(form));
  CHECK(report->records == full_records());
  CHECK(report->reading.notes.empty());
}

TEST_CASE("the samples, read and written in either form, are valid", "[report]") {
  const std::string name = GENERATE("rfc9990.xml", "google.xml", "microsoft.xml", "yahoo.xml");
  const Form form = GENERATE(Form::rfc9990, Form::rfc7489);
  CAPTURE(name, form == Form::rfc9990);
  auto report = read_whole(text_of(name));
  REQUIRE(report);
  report->reading.header.form = form;
  const std::string text = write(report->reading.header, report->records);
  INFO(text);
  CHECK(is_valid(text, form));
}

TEST_CASE("what a form has no word for is said in its words", "[report]") {
  std::vector<AggregateRecord> records(1);
  records[0].count = 1;
  records[0].header_from = "example.org";
  records[0].disposition = ActionDisposition::pass;

  SECTION("RFC 7489 knows neither pass nor policy_test_mode") {
    records[0].reasons = {{.type = OverrideType::policy_test_mode, .comment = "t=y"}};
    records[0].envelope_from = "example.org";
    const std::string text = write(full_header(Form::rfc7489), records);
    CHECK(is_valid_rfc7489(text));
    const auto report = read_whole(text);
    CHECK(report->records[0].disposition == ActionDisposition::none);
    CHECK(report->records[0].reasons ==
          std::vector<OverrideReason>{{OverrideType::other, "policy_test_mode: t=y"}});
    CHECK(report->records[0].spf == std::vector<SpfAuthResult>{{.domain = "example.org"}});
  }
  SECTION("RFC 9990 gave up sampled_out, the scope helo, and a second error") {
    records[0].reasons = {{.type = OverrideType::sampled_out}};
    records[0].spf = {{.domain = "a.example", .scope = SpfScope::helo},
                      {.domain = "b.example", .scope = SpfScope::mfrom}};
    AggregateHeader header = full_header(Form::rfc9990);
    header.metadata.errors = {"one", "two"};
    const std::string text = write(header, records);
    CHECK(is_valid_rfc9990(text));
    const auto report = read_whole(text);
    CHECK(report->reading.header.metadata.errors == std::vector<std::string>{"one; two"});
    CHECK(report->records[0].reasons ==
          std::vector<OverrideReason>{{OverrideType::other, "sampled_out"}});
    REQUIRE(report->records[0].spf.size() == 1);
    CHECK(report->records[0].spf[0].domain == "b.example");
  }
  SECTION("RFC 9990 §3.1.3: a hundred signatures and no more") {
    records[0].dkim.resize(150, {.domain = "example.org", .selector = "s"});
    const auto report = read_whole(write(full_header(Form::rfc9990), records));
    CHECK(report->records[0].dkim.size() == 100);
  }
}

TEST_CASE("text that XML cannot hold does not break a report", "[report]") {
  std::vector<AggregateRecord> records(1);
  records[0].header_from = std::string("a\0b\x01\xff]]>", 9);
  const std::string text = write(full_header(Form::rfc9990), records);
  CHECK(is_valid_rfc9990(text));
  CHECK(read_whole(text)->records[0].header_from == "a b \xef\xbf\xbd]]>");
}

}  // namespace sekisho::report::format
