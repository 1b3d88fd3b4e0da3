#include "report/failure/failure_selection.hpp"

#include "report/failure/sample.hpp"

#include <functional>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::report::failure {

namespace {

const FailureOptions all{.enabled = true};

std::vector<FailureKind> kinds(const EvaluatedMessage& message,
                               const FailureOptions& options = all) {
  std::vector<FailureKind> kinds;
  for (const SelectedReport& wanted : select_failure_reports(message, options)) {
    kinds.push_back(wanted.kind);
  }
  return kinds;
}

}  // namespace

TEST_CASE("failure: fo= says what is reported (RFC 9989 §4.7)", "[failure]") {
  struct Case {
    const char* options;
    bool dkim_aligned;
    bool spf_aligned;
    std::vector<FailureKind> expected;
  };
  const auto row = GENERATE(values<Case>({
      {"0", false, false, {FailureKind::dmarc}},
      {"0", true, false, {}},
      {"0", false, true, {}},
      {"0", true, true, {}},
      {"1", false, false, {FailureKind::dmarc}},
      {"1", true, false, {FailureKind::dmarc}},
      {"1", false, true, {FailureKind::dmarc}},
      {"1", true, true, {}},
      {"d", false, false, {FailureKind::dkim}},
      {"d", true, true, {FailureKind::dkim}},  // "regardless of its alignment"
      {"s", false, false, {FailureKind::spf}},
      {"s", true, true, {FailureKind::spf}},
      {"1:d:s", true, false, {FailureKind::dmarc, FailureKind::dkim, FailureKind::spf}},
      {"s:d:0", false, false, {FailureKind::dmarc, FailureKind::dkim, FailureKind::spf}},
      {"0:1", true, false, {}},  // "0" and "1" are mutually exclusive: the default, "0"
      {"x", false, false, {FailureKind::dmarc}},
  }));
  CAPTURE(row.options, row.dkim_aligned, row.spf_aligned);
  EvaluatedMessage message = failed_message(row.options);
  dmarc::Result& dmarc = *message.findings.dmarc;
  dmarc.dkim_aligned = row.dkim_aligned;
  dmarc.spf_aligned = row.spf_aligned;
  if (row.dkim_aligned || row.spf_aligned) {
    dmarc.code = dmarc::ResultCode::pass;
  }
  CHECK(kinds(message) == row.expected);
}

TEST_CASE("failure: of several signatures the author's is reported", "[failure]") {
  EvaluatedMessage message = failed_message("d");
  CHECK(select_failure_reports(message, all) == std::vector{SelectedReport{FailureKind::dkim, 1}});
  message.findings.dkim[1].code = dkim::ResultCode::pass;
  CHECK(select_failure_reports(message, all) == std::vector{SelectedReport{FailureKind::dkim, 0}});
  message.findings.dkim[0].code = dkim::ResultCode::temperror;
  CHECK(select_failure_reports(message, all).empty());
}

TEST_CASE("failure: SPF fails by fail, softfail and permerror", "[failure]") {
  using enum spf::ResultCode;
  const auto [code, reported] = GENERATE(table<spf::ResultCode, bool>({{fail, true},
                                                                       {softfail, true},
                                                                       {permerror, true},
                                                                       {none, false},
                                                                       {neutral, false},
                                                                       {temperror, false},
                                                                       {pass, false}}));
  EvaluatedMessage message = failed_message("s");
  message.findings.spf_mail_from->code = code;
  CHECK(kinds(message).empty() != reported);
}

TEST_CASE("failure: what is never reported", "[failure]") {
  struct Case {
    const char* name;
    std::function<void(EvaluatedMessage&)> change;
  };
  const std::vector<Case> cases{
      {"a public suffix's record, psd=y (RFC 9991 §2)",
       [](auto& m) { m.findings.dmarc->record->psd = dmarc::PublicSuffixDomain::yes; }},
      {"a record without ruf=", [](auto& m) { m.findings.dmarc->record->failure_uris.clear(); }},
      {"no record", [](auto& m) { m.findings.dmarc->record.reset(); }},
      {"an open result", [](auto& m) { m.findings.dmarc->code = dmarc::ResultCode::temperror; }},
      {"no single author", [](auto& m) { m.findings.dmarc->author_domain.reset(); }},
      {"no DMARC", [](auto& m) { m.findings.dmarc.reset(); }},
      {"mail of our users", [](auto& m) { m.findings.origin = findings::Origin::authenticated; }},
      {"mail of our networks", [](auto& m) { m.findings.origin = findings::Origin::internal; }},
      {"what will be offered again", [](auto& m) { m.action = policy::Action::tempfail; }},
      {"the null sender (RFC 9991 §5.1)", [](auto& m) { m.findings.envelope.sender.clear(); }},
      {"an answer of a machine (RFC 3834 §2)",
       [](auto& m) { m.header.push_back({"auto-submitted", " auto-replied (rejected)"}); }},
      {"a report",
       [](auto& m) {
         m.header.push_back(
             {"Content-Type", "\r\n\tMultipart/Report; report-type=feedback-report"});
       }},
      {"a report, as a comment hides it",
       [](auto& m) { m.header.push_back({"Content-Type", " multipart/report(x); boundary=b"}); }},
  };
  for (const Case& row : cases) {
    DYNAMIC_SECTION(row.name) {
      EvaluatedMessage message = failed_message("1:d:s");
      row.change(message);
      CHECK(kinds(message).empty());
    }
  }
}

TEST_CASE("failure: a machine that says it is none does not matter", "[failure]") {
  EvaluatedMessage message = failed_message();
  message.header.push_back({"Auto-Submitted", " no"});
  message.header.push_back({"Content-Type", " multipart/mixed; boundary=report"});
  CHECK(kinds(message).size() == 1);
}

TEST_CASE("failure: off by default, and for the domains that are named", "[failure]") {
  const EvaluatedMessage message = failed_message();
  CHECK(kinds(message, {}).empty());
  CHECK(kinds(message, {.enabled = true, .domains = {domain("other.example")}}).empty());
  CHECK(kinds(message, {.enabled = true, .domains = {domain("bank.example")}}).size() == 1);
  CHECK(kinds(message, {.enabled = true, .domains = {domain("x.mail.bank.example")}}).empty());
}

TEST_CASE("failure: alignment by names (RFC 9989 §4.4)", "[failure]") {
  const dmarc::Result dmarc = failed_dmarc();
  using enum dmarc::AlignmentMode;
  CHECK(is_aligned_domain(domain("bank.example"), dmarc, relaxed));
  CHECK(is_aligned_domain(domain("other.bank.example"), dmarc, relaxed));
  CHECK_FALSE(is_aligned_domain(domain("notbank.example"), dmarc, relaxed));
  CHECK_FALSE(is_aligned_domain(domain("bank.example"), dmarc, strict));
  CHECK(is_aligned_domain(domain("mail.bank.example"), dmarc, strict));
}

}  // namespace sekisho::report::failure
