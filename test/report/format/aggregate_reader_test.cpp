#include "report/format/aggregate_reader.hpp"

#include "report/sample.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::report::format {

namespace {

using std::chrono::seconds;
using std::chrono::sys_seconds;

dns::IpAddress ip(std::string_view text) {
  return dns::IpAddress::parse(text).value();
}

const Period new_years_day{.begin = sys_seconds(seconds(1'767'225'600)),
                           .end = sys_seconds(seconds(1'767'311'999))};

WholeReport sample(const std::string& name) {
  auto report = read_whole(text_of(name));
  INFO(name);
  REQUIRE(report);
  return *report;
}

// A report with one record, and one thing in it that differs.
std::string with_row(const std::string& row) {
  return "<feedback><policy_published><domain>example.org</domain></policy_published><record>"
         "<row><source_ip>192.0.2.1</source_ip><count>1</count>" +
         row + "</row></record></feedback>";
}

bool has_note(const WholeReport& report, std::string_view text) {
  const std::vector<ReportNote>& notes = report.reading.notes;
  return std::ranges::find(notes, text, &ReportNote::text) != notes.end();
}

}  // namespace

TEST_CASE("RFC 9990 appendix A: every element of the new form is read", "[report]") {
  const WholeReport report = sample("rfc9990.xml");
  const AggregateHeader expected{.form = Form::rfc9990,
                                 .metadata = {.org_name = "Sample Reporter",
                                              .email = "report_sender@reporter.example",
                                              .extra_contact_info = "Fragen bitte an uns",
                                              .report_id = "3v98abbp8ya9n3va8yr8oa3ya",
                                              .period = new_years_day,
                                              .errors = {"two records at _dmarc.sub.example.org"},
                                              .generator = "Example Aggregate Reporter v1.2"},
                                 .policy = {.domain = "example.org",
                                            .discovery_method = dmarc::DiscoveryMethod::treewalk,
                                            .policy = dmarc::Policy::quarantine,
                                            .subdomain_policy = dmarc::Policy::none,
                                            .nonexistent_policy = dmarc::Policy::reject,
                                            .testing = true}};
  CHECK(report.reading.header == expected);
  CHECK(report.reading.records == 2);
  CHECK(report.reading.notes.empty());

  const AggregateRecord first{
      .source = ip("192.0.2.123"),
      .count = 123,
      .disposition = ActionDisposition::pass,
      .dkim_aligned = true,
      .header_from = "example.org",
      .envelope_from = "example.org",
      .dkim = {{.domain = "example.org", .selector = "abc123", .result = AuthResult::pass}},
      .spf = {{.domain = "example.org",
               .result = AuthResult::fail,
               .human_result = "no directive matched"}}};
  const AggregateRecord second{
      .source = ip("203.0.113.9"),
      .count = 3,
      .reasons = {{.type = OverrideType::policy_test_mode},
                  {.type = OverrideType::mailing_list, .comment = "List-Id present"}},
      .header_from = "example.org"};
  REQUIRE(report.records.size() == 2);
  CHECK(report.records[0] == first);
  CHECK(report.records[1] == second);
}

TEST_CASE("RFC 7489 appendix C: reports as large senders write them", "[report]") {
  SECTION("Google: the result before the selector, np beside pct, no scope, no version") {
    const WholeReport report = sample("google.xml");
    CHECK(report.reading.notes.empty());
    CHECK(report.reading.header.form == Form::rfc7489);
    CHECK(report.reading.header.metadata.org_name == "google.example");
    CHECK(report.reading.header.policy.percent == 100);
    CHECK(report.reading.header.policy.nonexistent_policy == dmarc::Policy::reject);
    REQUIRE(report.records.size() == 2);
    CHECK(report.records[0].count == 130);
    CHECK(report.records[0].spf_aligned);
    CHECK(report.records[1].source == ip("2001:db8::25"));
    CHECK(report.records[1].reasons ==
          std::vector<OverrideReason>{{OverrideType::local_policy, "arc=pass"}});
    REQUIRE(report.records[1].dkim.size() == 2);
    CHECK(report.records[1].dkim[1] ==
          DkimAuthResult{"example.org", "s2026", AuthResult::fail, ""});
  }
  SECTION("Microsoft: envelope_to, an empty envelope_from, SPF of HELO, no DKIM") {
    const WholeReport report = sample("microsoft.xml");
    CHECK(report.reading.notes.empty());
    CHECK(report.reading.header.policy.spf_alignment == dmarc::AlignmentMode::strict);
    CHECK(report.reading.header.policy.failure_options == "1");
    REQUIRE(report.records.size() == 2);
    CHECK(report.records[0].envelope_to == "hotmail.example");
    CHECK(report.records[0].envelope_from.empty());
    CHECK(report.records[0].dkim.empty());
    CHECK(report.records[0].spf ==
          std::vector<SpfAuthResult>{{"unknown.example", SpfScope::helo, AuthResult::none, ""}});
    CHECK(report.records[0].disposition == ActionDisposition::quarantine);
  }
  SECTION("Yahoo: tabulators at the ends of lines, an empty domain and selector") {
    const WholeReport report = sample("yahoo.xml");
    CHECK(report.reading.notes.empty());
    CHECK(report.reading.header.metadata.period == new_years_day);
    REQUIRE(report.records.size() == 1);
    CHECK(report.records[0].dkim == std::vector<DkimAuthResult>{{"", "", AuthResult::neutral, ""}});
    CHECK(report.records[0].header_from == "shop.example.org");
  }
}

TEST_CASE("a malformed report is read as far as it is understood", "[report]") {
  const WholeReport report = sample("odd.xml");
  CHECK(report.reading.header.form == Form::rfc7489);
  CHECK(report.reading.header.metadata.report_id == "<odd-1>");
  CHECK(report.reading.header.metadata.org_name.empty());
  CHECK(report.reading.header.metadata.period->begin == sys_seconds(seconds(1'767'225'600)));
  CHECK(report.reading.header.policy.domain == "example.org");
  CHECK_FALSE(report.reading.header.policy.policy);  // not the second one's
  CHECK_FALSE(report.reading.header.policy.dkim_alignment);
  REQUIRE(report.records.size() == 1);
  CHECK(report.records[0] ==
        AggregateRecord{.source = ip("192.0.2.44"),
                        .count = 12,
                        .spf_aligned = true,
                        .header_from = "example.org",
                        .spf = {{.domain = "example.org", .result = AuthResult::temperror}}});
  const std::vector<ReportNote> expected = {
      {"a record has no valid source_ip and was left out", 2},
      {"a record has no valid count and was left out", 1},
      {"adkim is neither r nor s", 1},
      {"a second report_metadata or policy_published was not read", 1},
      {"date_range ends before it begins", 1},
  };
  CHECK(report.reading.notes == expected);
}

TEST_CASE("RFC 9990 §8.1: a hostile or broken document is refused, and the error says why",
          "[report]") {
  const auto [name, words] = GENERATE(table<std::string, std::string>({
      {"hostile-entities.xml", "line 2: a document type (DOCTYPE) has no place in a report"},
      {"hostile-external.xml", "line 2: a document type (DOCTYPE) has no place in a report"},
      {"rfc8460.json", "not an aggregate report: it has no element \"feedback\""},
      {"rfc7489.rng", "not an aggregate report: it has no element \"feedback\""},
      {"no-such-file", "not an aggregate report: it has no element \"feedback\""},
  }));
  CAPTURE(name);
  const auto report = read_whole(text_of(name));
  REQUIRE_FALSE(report);
  CHECK_THAT(report.error(), Catch::StartsWith(words));
}

TEST_CASE("the limits of the reader", "[report]") {
  SECTION("depth") {
    std::string text;
    for (int i = 0; i < 100'000; ++i) {
      text += "<feedback>";
    }
    CHECK(read_whole(text).error() == "line 1: elements are nested too deeply");
  }
  SECTION("octets of the document") {
    AggregateLimits limits;
    limits.xml.octets = 1'000;
    CHECK(read_whole(text_of("google.xml"), limits).error() == "larger than 1000 octets");
  }
  SECTION("records, those left out too") {
    AggregateLimits limits;
    limits.records = 3;
    CHECK(read_whole(text_of("odd.xml"), limits).error() == "line 23: more than 3 records");
    limits.records = 4;
    CHECK(read_whole(text_of("odd.xml"), limits));
  }
  SECTION("octets of one text, cut between characters") {
    AggregateLimits limits;
    limits.xml.text_octets = 4;
    const auto report = read_whole(
        "<feedback><report_metadata><org_name>abc\xc3\xa4xyz</org_name></report_metadata></"
        "feedback>",
        limits);
    REQUIRE(report);
    CHECK(report->reading.header.metadata.org_name == "abc");
    CHECK(has_note(*report, "text that is longer than what is read was cut"));
  }
  SECTION("results of one record") {
    std::string row = "<policy_evaluated>";
    for (int i = 0; i < 150; ++i) {
      row += "<reason><type>other</type></reason>";
    }
    const auto report = read_whole(with_row(row + "</policy_evaluated>"));
    REQUIRE(report);
    CHECK(report->records[0].reasons.size() == max_record_results);
    CHECK(has_note(*report, "a record has more results than are read"));
  }
  SECTION("text, names and attributes without end") {
    const std::string long_text(3'000'000, 'x');
    CHECK(read_whole(with_row("<comment a='" + long_text + "'>" + long_text + "</comment>")));
    CHECK_FALSE(read_whole("<" + std::string(12'000'000, 'x') + "/>"));
  }
  SECTION("errors of a report") {
    std::string errors;
    for (std::size_t i = 0; i <= max_record_results; ++i) {
      errors += "<error>e</error>";
    }
    const auto report =
        read_whole("<feedback><report_metadata>" + errors + "</report_metadata></feedback>");
    REQUIRE(report);
    CHECK(report->reading.header.metadata.errors.size() == max_record_results);
    CHECK(has_note(*report, "the report has more errors than are read"));
  }
}

TEST_CASE("of several reports in one document the first is read", "[report]") {
  const std::string text = text_of("google.xml").substr(39);
  const auto report = read_whole("<reports>" + text + text + "</reports>");
  REQUIRE(report);
  CHECK(report->records.size() == 2);
  CHECK(has_note(*report, "a second report in the document was not read"));
}

TEST_CASE("what is whole of a broken report is read, and what was mended is noted", "[report]") {
  const auto record = [](int count) {
    return "<record><row><source_ip>192.0.2.1</source_ip><count>" + std::to_string(count) +
           "</count></row><identifiers><header_from>example.org</header_from></identifiers>"
           "</record>\n";
  };
  const std::string head =
      "<report_metadata><email>D <d@r.example></email><extra_contact_info>/?a=1&b=2"
      "</extra_contact_info></report_metadata><policy_published><domain>example.org</domain>"
      "</policy_published>";
  const auto [name, text, messages,
              is_cut] = GENERATE_COPY(table<std::string, std::string, std::uint64_t, bool>({
      {"bare & and <", "<feedback>" + head + record(3) + "</feedback>", 3, false},
      {"an xs:schema that is not closed (parsedmarc 18)",
       "<?xml version='1.0'?> <xs:schema xmlns:xs='u'>\n<feedback>" + head + record(3) +
           "</feedback>",
       3, false},
      {"NUL behind the root",
       "<feedback>" + head + record(3) + "</feedback>" + std::string(3, '\0'), 3, false},
      {"text behind the root", "<feedback>" + head + record(3) + "</feedback>\n-- \n<list&", 3,
       false},
      {"cut off behind a record (126.com)", "<feedback>" + head + record(3) + record(4), 7, true},
      {"cut off in a record", "<feedback>" + head + record(3) + record(4).substr(0, 60), 3, true},
      {"a record that is not closed",
       "<feedback>" + head + record(3).substr(0, record(3).find("</record>")) + record(4) +
           "</feedback>",
       7, false},
  }));
  CAPTURE(name);
  const auto report = read_whole(text);
  REQUIRE(report);
  std::uint64_t sum = 0;
  for (const AggregateRecord& one : report->records) {
    sum += one.count;
  }
  CHECK(sum == messages);
  CHECK(report->reading.is_cut == is_cut);
  CHECK(report->reading.header.metadata.email == "D <d@r.example>");
  CHECK(report->reading.header.metadata.extra_contact_info == "/?a=1&b=2");
  CHECK(has_note(*report, "a bare < in the XML was taken for text"));
}

TEST_CASE("a report that is cut off before its first record is no report", "[report]") {
  CHECK(read_whole(text_of("google.xml").substr(0, 700)).error() ==
        "ends before its first record does");
  CHECK(read_whole("<feedback><").error() == "ends before its first record does");
}

TEST_CASE("a report without a name has a digest instead", "[report]") {
  const auto digest_of_report = [](const std::string& text) {
    return read_whole(text)->reading.header.digest;
  };
  CHECK(digest_of_report(with_row("")).size() == 20);
  CHECK(digest_of_report(with_row("")) == digest_of_report(with_row("")));
  CHECK(digest_of_report(with_row("")) != digest_of_report(with_row("<a/>")));
  CHECK(digest_of_report(text_of("google.xml")).empty());
}

TEST_CASE("addresses that a record may have", "[report]") {
  const auto [text, address, is_noted] = GENERATE(table<std::string, std::string, bool>({
      {"192.0.2.7:25", "192.0.2.7", true},
      {"[2001:db8::7]:25", "2001:db8::7", true},
      {"[192.0.2.7]", "192.0.2.7", true},
      {"2001:DB8::7", "2001:db8::7", false},
      {"::ffff:192.0.2.7", "192.0.2.7", false},
  }));
  CAPTURE(text);
  const auto report = read_whole("<feedback><record><row><source_ip>" + text +
                                 "</source_ip><count>1</count></row></record></feedback>");
  REQUIRE(report);
  REQUIRE(report->records.size() == 1);
  CHECK(report->records[0].source == ip(address));
  CHECK(has_note(*report, "a source_ip is not an address alone") == is_noted);
}

TEST_CASE("values that a record may have", "[report]") {
  const auto [count, good] = GENERATE(table<std::string, bool>({
      {"0", true},
      {"1000000000000", true},
      {"1000000000001", false},
      {"18446744073709551617", false},
      {"1.5", false},
      {"3.0", true},
      {"3.", true},
      {"1,003", false},
      {"-5", false},
      {"1e3", false},
      {"", false},
  }));
  CAPTURE(count);
  const auto report = read_whole("<feedback><record><row><source_ip>192.0.2.1</source_ip><count>" +
                                 count + "</count></row></record></feedback>");
  REQUIRE(report);
  CHECK(report->records.size() == (good ? 1 : 0));
}

TEST_CASE("text of a report is fit to be printed", "[report]") {
  const auto report = read_whole(
      "<feedback><report_metadata><org_name> a&#10;b&#x202e;c <![CDATA[<d>]]>&#x9f;</org_name>"
      "</report_metadata></feedback>");
  REQUIRE(report);
  CHECK(report->reading.header.metadata.org_name ==
        "a b\xef\xbf\xbd"
        "c <d>\xef\xbf\xbd");
}

TEST_CASE("other encodings of XML are read", "[report]") {
  SECTION("UTF-16, little-endian, with its mark") {
    std::string text = "\xff\xfe";
    for (const char c : text_of("google.xml").substr(39)) {
      text += {c, '\0'};
    }
    const auto report = read_whole(text);
    REQUIRE(report);
    CHECK(report->records.size() == 2);
  }
  SECTION("UTF-8 with its mark") {
    CHECK(read_whole("\xef\xbb\xbf" + text_of("google.xml")));
  }
  SECTION("ISO-8859-1") {
    const auto report = read_whole(
        "<?xml version='1.0' encoding='ISO-8859-1'?><feedback><report_metadata><org_name>M\xfcller"
        "</org_name></report_metadata></feedback>");
    REQUIRE(report);
    CHECK(report->reading.header.metadata.org_name == "M\xc3\xbcller");
  }
  SECTION("what is not what it says") {
    const auto report = read_whole(
        "<feedback><report_metadata><org_name>M\xfcller</org_name></report_metadata></feedback>");
    REQUIRE(report);
    CHECK(report->reading.header.metadata.org_name == "M\xc3\xbcller");
    CHECK(has_note(*report, "text that is not UTF-8 was read as Windows-1252"));
  }
}

TEST_CASE("what the taker of records throws reaches the caller", "[report]") {
  const std::string text = text_of("google.xml");
  CHECK_THROWS_AS(read_aggregate(source_of(text), {}, [](const AggregateRecord&) { throw 1; }),
                  int);
}

TEST_CASE("a source that fails ends the reading", "[report]") {
  const ByteSource broken = [](std::span<char>) -> std::expected<std::size_t, std::string> {
    return std::unexpected("the disk is gone");
  };
  CHECK(read_aggregate(broken, {}, [](const AggregateRecord&) {}).error() == "the disk is gone");
}

}  // namespace sekisho::report::format
