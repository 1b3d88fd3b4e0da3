#include "report/failure/failure_report.hpp"

#include "crypto/base64.hpp"
#include "mail/line_ends.hpp"
#include "report/failure/field_text.hpp"
#include "report/failure/sample.hpp"

#include <algorithm>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::report::failure {

namespace {

using Catch::Contains;
using Catch::StartsWith;

const Redactor redactor("potatoes");

ReportContext open_context() {
  return {.authserv_id = "mx.example.org", .version = "1.2.3", .redactor = nullptr};
}

ReportContext redacting_context() {
  ReportContext context = open_context();
  context.redactor = &redactor;
  return context;
}

std::string fields_of(const EvaluatedMessage& message, FailureKind kind,
                      std::size_t signature = 0) {
  return mail::unfold(compose_failure_report(message, {kind, signature}, open_context()).fields);
}

}  // namespace

TEST_CASE("failure report: the fields of a DMARC failure (RFC 9991 §4, RFC 6591 §3.1)",
          "[failure]") {
  CHECK(fields_of(failed_message(), FailureKind::dmarc) ==
        "Feedback-Type: auth-failure\r\n"
        "User-Agent: Sekisho/1.2.3\r\n"
        "Version: 1\r\n"
        "Auth-Failure: dmarc\r\n"
        "Authentication-Results: mx.example.org;\tdmarc=fail "
        "reason=\"no aligned identifier passed\"\theader.from=mail.bank.example "
        "policy.dmarc=reject\r\n"
        "Identity-Alignment: dkim, spf\r\n"
        "Delivery-Result: reject\r\n"
        "DKIM-Domain: bank.example\r\n"
        "DKIM-Identity: carol@bank.example\r\n"
        "DKIM-Selector: s1\r\n"
        "SPF-DNS: txt : bank.example : \"v=spf1 include:_spf.bank.example -all\"\r\n"
        "SPF-DNS: txt : _spf.bank.example : \"v=spf1 ip4:192.0.2.10 -all\"\r\n"
        "Original-Envelope-Id: 4Ln7Qw4fnvz6Bq\r\n"
        "Original-Mail-From: <carol@bank.example>\r\n"
        "Original-Rcpt-To: <bob@example.org>\r\n"
        "Arrival-Date: Mon, 21 Sep 2026 14:13:20 +0000\r\n"
        "Source-IP: 203.0.113.66\r\n"
        "Source-Port: 40123\r\n"
        "Reported-Domain: mail.bank.example\r\n");
}

TEST_CASE("failure report: Auth-Failure of a signature (RFC 6591 §3.3)", "[failure]") {
  using enum dkim::Fault;
  const auto [fault, expected] =
      GENERATE(table<dkim::Fault, const char*>({{body_hash_mismatch, "bodyhash"},
                                                {key_revoked, "revoked"},
                                                {signature_mismatch, "signature"},
                                                {no_key, "signature"}}));
  EvaluatedMessage message = failed_message("d");
  message.findings.dkim[0].fault = fault;
  message.findings.dkim[0].reason = "any words";
  const std::string fields = fields_of(message, FailureKind::dkim);
  CHECK_THAT(fields, Contains("Auth-Failure: " + std::string(expected) + "\r\n"));
  CHECK_THAT(fields, Contains("DKIM-Domain: stranger.example\r\n"));
  CHECK_THAT(fields, Contains(";\tdkim=fail") && !Contains("dmarc=") && !Contains("SPF-DNS"));
}

TEST_CASE("failure report: of SPF (RFC 6591 §3.2.6)", "[failure]") {
  const std::string fields = fields_of(failed_message("s"), FailureKind::spf);
  CHECK_THAT(fields, Contains("Auth-Failure: spf\r\n") && Contains("SPF-DNS: txt : bank.example"));
  CHECK_THAT(fields, Contains(";\tspf=fail") && !Contains("dmarc=") && !Contains("DKIM-"));
}

TEST_CASE(
    "failure report: redacted, no SPF record is named by the sender's local part (RFC 7208 §7.2)",
    "[failure]") {
  const auto* const macro = GENERATE("%{l}", "%{L}", "%{lr-}", "%{s}");
  EvaluatedMessage message = failed_message("s");
  spf::Result& spf = *message.findings.spf_mail_from;
  spf.records = {{"bank.example", std::string("v=spf1 include:") + macro + ".u.bank.example -all"},
                 {"carol.u.bank.example", "v=spf1 include:%{d1r}.example -all"},
                 {"more.carol.example", "v=spf1 -all"}};
  spf.reason = "203.0.113.66 is not permitted by -all of more.carol.example";

  const std::string open = fields_of(message, FailureKind::spf);
  CHECK_THAT(open, Contains("txt : carol.u.bank.example : ") && Contains("of more.carol.example"));
  const std::string redacted = mail::unfold(
      compose_failure_report(message, {FailureKind::spf, 0}, redacting_context()).fields);
  CHECK_THAT(redacted, !Contains("carol"));
  CHECK_THAT(redacted, Contains("txt : bank.example : ") && Contains(";\tspf=fail smtp.mailfrom"));
}

TEST_CASE("failure report: an IPv6 client is written as SMTP does (RFC 5965 §3.2)", "[failure]") {
  EvaluatedMessage message = failed_message();
  message.findings.client.address = dns::IpAddress::parse("2001:DB8::25");
  CHECK_THAT(fields_of(message, FailureKind::dmarc), Contains("Source-IP: IPv6:2001:db8::25\r\n"));
}

TEST_CASE("failure report: what was hashed of the header goes with it (RFC 6591 §3.2.4)",
          "[failure]") {
  EvaluatedMessage message = failed_message("d");
  message.findings.dkim[1].signature = "AbCdEfGh";
  const std::string other =
      " v=1; a=rsa-sha256; d=bank.example; s=s1; h=From; b=AAAA;"
      " bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
  message.header.insert(
      message.header.begin(),
      {{"DKIM-Signature", other},
       {"DKIM-Signature",
        " v=1; a=rsa-sha256; c=relaxed; d=bank.example; s=s1;\r\n\th=From : Subject"
        ":Subject:X;\r\n\tbh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=;"
        " b=AbCd\r\n\tEfGh"}});
  const std::string hashed =
      "from:\"Carol Teller\" <carol@mail.bank.example>\r\n"
      "subject:Your account, Bob\r\n"
      "dkim-signature:v=1; a=rsa-sha256; c=relaxed; d=bank.example; s=s1; h=From : Subject"
      ":Subject:X; bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=";
  const std::string name = "DKIM-Canonicalized-Header:";

  SECTION("as it is") {
    const auto report = compose_failure_report(message, {FailureKind::dkim, 1}, open_context());
    REQUIRE_THAT(report.fields, Contains(name));
    const std::string unfolded = fields_of(message, FailureKind::dkim, 1);
    const std::string code = unfolded.substr(
        unfolded.find(name) + name.size(),
        unfolded.find("\r\n", unfolded.find(name)) - unfolded.find(name) - name.size());
    const auto octets = crypto::decode_folded_base64(code);
    REQUIRE(octets);
    CHECK(std::string(octets->begin(), octets->end()) == hashed);
    CHECK(std::ranges::all_of(mail::lines_of(report.fields), [](const std::string& line) {
      return line.size() <= 998;  // RFC 5322 §2.1.1
    }));
  }
  SECTION("not where people are not to be named") {
    const auto report =
        compose_failure_report(message, {FailureKind::dkim, 1}, redacting_context());
    CHECK_THAT(report.fields, !Contains(name));
  }
  SECTION("not of a signature that is not there, or is another") {
    message.findings.dkim[1].signature = GENERATE(as<std::string>{}, "", "BBBB", "no base64!");
    CHECK_THAT(fields_of(message, FailureKind::dkim, 1), !Contains(name));
  }
  SECTION("not where a part of the header is missing, or it is large") {
    message.header.push_back(
        {GENERATE(as<std::string>{}, "X-Other", "Subject"), std::string(40'000, 'x')});
    message.header.push_back({"X-Other", std::string(GENERATE(as<std::size_t>{}, 0, 40'000), 'x')});
    const bool is_left_out = message.header[message.header.size() - 2].name == "Subject" ||
                             !message.header.back().value.empty();
    CHECK(fields_of(message, FailureKind::dkim, 1).contains(name) != is_left_out);
  }
}

TEST_CASE("failure report: Identity-Alignment names what failed (RFC 9991 §4)", "[failure]") {
  const auto [dkim, spf, expected] =
      GENERATE(table<bool, bool, const char*>({{false, false, "dkim, spf"},
                                               {true, false, "spf"},
                                               {false, true, "dkim"},
                                               {true, true, "none"}}));
  EvaluatedMessage message = failed_message("1");
  message.findings.dmarc->dkim_aligned = dkim;
  message.findings.dmarc->spf_aligned = spf;
  CHECK_THAT(fields_of(message, FailureKind::dmarc),
             Contains("Identity-Alignment: " + std::string(expected) + "\r\n"));
}

TEST_CASE("failure report: Delivery-Result (RFC 6591 §3.2.2)", "[failure]") {
  using enum policy::Action;
  const auto [action, expected] = GENERATE(table<policy::Action, const char*>(
      {{accept, "delivered"}, {reject, "reject"}, {quarantine, "policy"}, {discard, "policy"}}));
  EvaluatedMessage message = failed_message();
  message.action = action;
  CHECK_THAT(fields_of(message, FailureKind::dmarc),
             Contains("Delivery-Result: " + std::string(expected) + "\r\n"));
}

TEST_CASE("failure report: redacted, nothing names people (RFC 9991 §7.1)", "[failure]") {
  const EvaluatedMessage message = failed_message("1:d:s");
  for (const FailureKind kind : {FailureKind::dmarc, FailureKind::dkim, FailureKind::spf}) {
    DYNAMIC_SECTION(format_failure_kind(kind)) {
      const FailureReport report = compose_failure_report(message, {kind, 1}, redacting_context());
      const std::string whole = report.subject + report.text + report.fields + report.header;
      CHECK_THAT(whole, !Contains("carol", Catch::CaseSensitive::No) &&
                            !Contains("bob", Catch::CaseSensitive::No) && !Contains("Teller") &&
                            !Contains("account"));
      CHECK_THAT(report.fields, Contains("Original-Mail-From: <" + redactor.pseudonym("carol") +
                                         "@bank.example>\r\n") &&
                                    !Contains("Original-Rcpt-To"));
      CHECK_THAT(report.header,
                 Contains("\r\nTo: " + redactor.pseudonym("bob") + "@example.org\r\n"));
      CHECK_THAT(report.header, Contains("\r\nMessage-ID: <1.2@mail.bank.example>\r\n"));
      CHECK_THAT(report.subject, StartsWith("FW: [withheld "));
    }
  }
}

TEST_CASE("failure report: the rest of it", "[failure]") {
  const FailureReport report =
      compose_failure_report(failed_message(), {FailureKind::dmarc, 0}, open_context());
  CHECK(report.policy_domain == "bank.example");
  CHECK(report.uris == std::vector<std::string>{"mailto:failures@bank.example"});
  CHECK(report.subject == "FW: Your account, Bob");  // RFC 5965 §2 (f)
  CHECK_THAT(report.text, Contains("failure of DMARC") && Contains("from IP 203.0.113.66 on Mon"));
  CHECK(report.header ==
        "Received: from pc66 (pc66 [203.0.113.66])\tby mx.example.org for\r\n <bob@example.org>\r\n"
        "From: \"Carol Teller\" <carol@mail.bank.example>\r\n"
        "To: Bob <bob@example.org>\r\n"
        "Subject: Your account, Bob\r\n"
        "Message-ID: <1.2@mail.bank.example>\r\n");
}

TEST_CASE("failure report: no value makes a line of its own", "[failure]") {
  const std::string evil = "x\r\nBcc: victim@example.net\r\n\r\n--b\nX: \r y\rZ: \x01\xff";
  EvaluatedMessage message = failed_message();
  findings::Findings& found = message.findings;
  found.envelope.queue_id = evil;
  found.envelope.sender = evil;
  found.envelope.recipients = {evil};
  found.spf_mail_from->reason = evil;
  found.spf_mail_from->records = {{evil, evil + "\"\\"}};
  found.dmarc->reason = evil;
  found.dkim[1].reason = evil;
  found.dkim[1].auid = evil;
  found.dkim[1].selector = evil;
  message.header = {{"Subject", evil}, {"X-Odd", evil}, {"From", evil},   {"Received", evil},
                    {"Bad name", "x"}, {"", "x"},       {"N\r\nBcc", "x"}};
  const bool redacted = GENERATE(false, true);
  const auto kind = GENERATE(FailureKind::dmarc, FailureKind::dkim, FailureKind::spf);
  const FailureReport report =
      compose_failure_report(message, {kind, 1}, redacted ? redacting_context() : open_context());
  CHECK(report.subject.find_first_of("\r\n") == std::string::npos);
  for (const std::string& text : {report.fields, report.header, report.text}) {
    CHECK_THAT(text, !Contains("\nBcc") && !Contains("\r\n\r\nX") && !Contains("\n--b"));
    for (const std::string& line : mail::lines_of(text)) {
      CHECK(line.ends_with('\r'));
      CHECK(line.find('\r') == line.size() - 1);
    }
  }
  CHECK(std::ranges::none_of(report.fields, [](char c) { return c < 0; }));  // RFC 5965 §7.1
  CHECK_THAT(report.header, !Contains("Bad name"));
}

TEST_CASE("failure report: a header section of any size", "[failure]") {
  EvaluatedMessage message = failed_message();
  message.header.assign(10'000, {"X-Long", " " + std::string(1'000, 'x')});
  const FailureReport report =
      compose_failure_report(message, {FailureKind::dmarc, 0}, open_context());
  CHECK(report.header.size() < max_reported_header_octets + 100);
  CHECK(report.header.size() > max_reported_header_octets - 1'100);
  CHECK_THAT(report.header, Catch::EndsWith("X-Sekisho-Left-Out: further fields\r\n"));
}

TEST_CASE("field text: folded between words (RFC 5322 §2.2.3)", "[failure]") {
  const auto text = [](const std::string& value) {
    return field_text("Name", value, FieldCharset::utf8);
  };
  CHECK(text("") == "Name: \r\n");
  CHECK(text(" a\r\n\tb ") == "Name: a\tb\r\n");
  const std::string word(40, 'w');
  CHECK(text(word + "  " + word) == "Name: " + word + "\r\n  " + word + "\r\n");
  CHECK(text(word + std::string(100, ' ')) == "Name: " + word + "\r\n");
  CHECK(text(std::string(2'000, 'w')).size() < 998);  // RFC 5322 §2.1.1
  CHECK(text("\xc3\xa4 \xff") == "Name: ?? ?\r\n");
  CHECK(text("\xc3\xa4") == "Name: \xc3\xa4\r\n");
  CHECK(field_text("Name", "\xc3\xa4", FieldCharset::ascii) == "Name: ??\r\n");
}

TEST_CASE("dates in the words of RFC 5322 §3.3", "[failure]") {
  const auto [seconds, expected] = GENERATE(
      table<std::int64_t, const char*>({{0, "Thu, 1 Jan 1970 00:00:00 +0000"},
                                        {1'790'000'000, "Mon, 21 Sep 2026 14:13:20 +0000"},
                                        {1'709'210'096, "Thu, 29 Feb 2024 12:34:56 +0000"}}));
  CHECK(date_text(std::chrono::sys_seconds(std::chrono::seconds(seconds))) == expected);
}

}  // namespace sekisho::report::failure
