#include "report/import/feedback_reader.hpp"

#include <string>

#include <catch2/catch.hpp>

namespace sekisho::report::import {

namespace {

const std::string outer =
    "From: Reports <dmarc@reporter.example>\nTo: ruf@example.org\nContent-Type: multipart/report;\n"
    " report-type=feedback-report; boundary=b\n\n--b\n\nA report.\n";

const std::string fields =
    "--b\nContent-Type: message/feedback-report\n\nFeedback-Type: auth-failure\nUser-Agent: X/1\n"
    "Version: 1\nAuth-Failure: DMARC\nSource-IP: 203.0.113.9\nReported-Domain: example.org\n"
    "Identity-Alignment: dkim, spf\nDelivery-Result: Reject\nIncidents: 3\n"
    "Arrival-Date: Thu, 1 Jan 2026 00:00:00 +0000\nOriginal-Mail-From: <boss@sub.example.org>\n"
    "Original-Rcpt-To: <me@receiver.example>\n";

const std::string original =
    "--b\nContent-Type: text/rfc822-headers\n\nFrom: \"B\" <boss@Sub.Example.org>\n"
    "To: all@receiver.example\nSubject: an\n invoice\nMessage-ID: <1@x>\n--b--\n";

std::optional<format::FeedbackReport> read(const std::string& mail) {
  return read_feedback(read_mime(mail));
}

}  // namespace

TEST_CASE("RFC 6591, RFC 9991: a failure report is read", "[report]") {
  const auto report = read(outer + fields + original);
  REQUIRE(report);
  const format::FeedbackReport expected{.type = format::FeedbackType::auth_failure,
                                        .reporter = "reporter.example",
                                        .author_domain = "sub.example.org",
                                        .source = dns::IpAddress::parse("203.0.113.9"),
                                        .auth_failure = "dmarc",
                                        .identity_alignment = "dkim, spf",
                                        .delivery_result = "reject",
                                        .arrival_date = "Thu, 1 Jan 2026 00:00:00 +0000",
                                        .incidents = 3,
                                        .digest = report->digest,
                                        .personal = {.from = "\"B\" <boss@Sub.Example.org>",
                                                     .to = "<me@receiver.example>",
                                                     .mail_from = "<boss@sub.example.org>",
                                                     .subject = "an invoice",
                                                     .message_id = "<1@x>"}};
  CHECK(*report == expected);
  CHECK(report->digest.size() == 20);
}

TEST_CASE("a copy of a report has its digest, and no other", "[report]") {
  const std::string digest = read(outer + fields + original)->digest;
  CHECK(read("Received: x\n" + outer + fields + original)->digest == digest);
  std::string other = fields;
  other.replace(other.find("203.0.113.9"), 11, "203.0.113.8");
  CHECK(read(outer + other + original)->digest != digest);
}

TEST_CASE("failure reports as they are met", "[report]") {
  SECTION("the message itself, as a mail") {
    const auto report = read(outer + fields +
                             "--b\nContent-Type: message/rfc822\n\nFrom: boss@example.org\n\n"
                             "From: other@example.net\n--b--\n");
    REQUIRE(report);
    CHECK(report->author_domain == "example.org");
    CHECK(report->personal.to == "<me@receiver.example>");
  }
  SECTION("without the message") {
    CHECK(read(outer + fields + "--b--\n")->author_domain == "example.org");
  }
  SECTION("OpenDMARC writes a host behind the address") {
    const auto report = read(outer +
                             "--b\nContent-Type: message/feedback-report\n\nFeedback-Type: "
                             "auth-failure\nSource-IP: [192.0.2.9] (mail.example.org)\n--b--\n");
    REQUIRE(report);
    CHECK(report->source == dns::IpAddress::parse("192.0.2.9"));
    CHECK(report->incidents == 1);
  }
  SECTION("boundaries without hyphens (stalwartlabs/mail-auth)") {
    const auto report = read(
        "From: x@reporter.example\nContent-Type: multipart/report;\n\treport-type="
        "feedback-report;\n\tboundary=\"b\"\n\nb\nContent-Type: text/plain\n\nhello\n\nb\n"
        "Content-Type: message/feedback-report\n\nFeedback-Type: auth-failure\nAuth-Failure: "
        "dmarc\nSource-IP: 192.0.2.9\n\nb\nContent-Type: text/rfc822-headers\n\nFrom: "
        "a@example.org\n\nb--\n");
    REQUIRE(report);
    CHECK(report->type == format::FeedbackType::auth_failure);
    CHECK(report->author_domain == "example.org");
    CHECK(report->source == dns::IpAddress::parse("192.0.2.9"));
  }
  SECTION("nothing but what the mail says of itself") {
    CHECK(read(outer + "--b--\n")->type == format::FeedbackType::auth_failure);
  }
  SECTION("Exim's text") {
    const auto report = read(
        "From: x@reporter.example\nContent-Type: multipart/report; boundary=b\n\n--b\n\nA message "
        "has failed.\n\n  Sender Domain: example.org\n  Sender IP Address: 2001:db8::1\n  Received "
        "date: Mon, 7 Apr 2025\n  SPF Alignment: no\n\n------ This is a copy\n\nReceived: y\nFrom: "
        "<a@example.org>\nSubject: s\n--b--\n");
    REQUIRE(report);
    CHECK(report->type == format::FeedbackType::auth_failure);
    CHECK(report->author_domain == "example.org");
    CHECK(report->source == dns::IpAddress::parse("2001:db8::1"));
    CHECK(report->arrival_date == "Mon, 7 Apr 2025");
    CHECK(report->auth_failure == "dmarc");
    CHECK(report->personal.from == "<a@example.org>");
  }
  SECTION("RFC 5965: a complaint is another report") {
    for (const std::string type : {"abuse", "fraud", "virus"}) {
      const auto report =
          read(outer + "--b\nContent-Type: message/feedback-report\n\nFeedback-Type: " + type +
               "\n--b--\n");
      REQUIRE(report);
      CHECK(format::format_feedback_type(report->type) == type);
    }
    CHECK(read(outer + "--b\nContent-Type: message/feedback-report\n\nFeedback-Type: x\n--b--\n")
              ->type == format::FeedbackType::other);
  }
}

TEST_CASE("other mails are no failure reports", "[report]") {
  CHECK_FALSE(read("From: a@example.org\n\nFeedback-Type: auth-failure\n"));
  CHECK_FALSE(
      read("Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
           "--b\n\nIt bounced.\n--b--\n"));
  CHECK_FALSE(read(""));
}

TEST_CASE("text of a failure report is fit to be shown, and bounded", "[report]") {
  const auto report =
      read(outer + fields + "--b\nContent-Type: text/rfc822-headers\n\nSubject: a\x1b[2J" +
           std::string(1'000, 'x') + "\n--b--\n");
  REQUIRE(report);
  CHECK(report->personal.subject.starts_with("a [2Jxx"));
  CHECK(report->personal.subject.size() == 300);
}

}  // namespace sekisho::report::import
