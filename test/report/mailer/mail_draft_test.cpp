#include "report/mailer/mail_draft.hpp"

#include "mail/ascii.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include <catch2/catch.hpp>

namespace sekisho::report::mailer {

namespace {

using namespace std::chrono_literals;

MailDraft draft() {
  return {
      .from_name = "Example Receiver",
      .from = "dmarc@receiver.example",
      .to = {"reports@example.com"},
      .subject = "Report Domain: example.com Submitter: mail.receiver.example Report-ID: <abc123>",
      .message_id = "abc123@mail.receiver.example",
      .date = std::chrono::sys_days{2026y / 11 / 22} + 8h + 30min,
      .structure = Structure::mixed,
      .parts = {{.type = "text/plain", .file_name = "", .content = "A report.\n"},
                {.type = "application/gzip",
                 .file_name = "mail.receiver.example!example.com!1795305600!1795391999.xml.gz",
                 .content = std::string("\x1f\x8b\x08\0\xff", 5)}},
  };
}

std::string header_of(const std::string& mail) {
  return mail.substr(0, mail.find("\r\n\r\n") + 2);
}

}  // namespace

TEST_CASE("a report mail is as RFC 9990 §3.5.2 wants it", "[report_post]") {
  const auto mail = compose(draft());
  REQUIRE(mail);
  CHECK(*mail ==
        "Date: Sun, 22 Nov 2026 08:30:00 +0000\r\n"
        "From: Example Receiver <dmarc@receiver.example>\r\n"
        "Subject: Report Domain: example.com Submitter: mail.receiver.example\r\n"
        " Report-ID: <abc123>\r\n"
        "To: reports@example.com\r\n"
        "Message-Id: <abc123@mail.receiver.example>\r\n"
        "Auto-Submitted: auto-generated\r\n"
        "MIME-Version: 1.0\r\n"
        "Content-Type: multipart/mixed; boundary=\"=_abc123mailreceiverexample\"\r\n"
        "\r\n"
        "--=_abc123mailreceiverexample\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n"
        "Content-Transfer-Encoding: 7bit\r\n"
        "\r\n"
        "A report.\r\n"
        "\r\n"
        "--=_abc123mailreceiverexample\r\n"
        "Content-Type: application/gzip;\r\n"
        "\tname=\"mail.receiver.example!example.com!1795305600!1795391999.xml.gz\"\r\n"
        "Content-Transfer-Encoding: base64\r\n"
        "Content-Disposition: attachment;\r\n"
        "\tfilename=\"mail.receiver.example!example.com!1795305600!1795391999.xml.gz\"\r\n"
        "\r\n"
        "H4sIAP8=\r\n"
        "\r\n"
        "--=_abc123mailreceiverexample--\r\n");
}

TEST_CASE("a long file name stays in one piece", "[report_post]") {
  // RFC 2231 §3 would have it continued, which few readers of reports understand.
  MailDraft far = draft();
  const std::string name = std::string(60, 'r') + ".example!" + std::string(60, 'p') + "." +
                           std::string(60, 'q') + ".example!1795305600!1795391999.xml.gz";
  far.parts[1].file_name = name;
  const auto mail = compose(far);
  REQUIRE(mail);
  CAPTURE(*mail);
  CHECK(mail->contains("filename=\"" + name + "\"\r\n"));
}

TEST_CASE("a Subject has its domains as they are, however long", "[report_post]") {
  // RFC 9990 §3.5.2: dmarc-subject has no place for encoded words (RFC 2047).
  MailDraft far = draft();
  const std::string name = std::string(60, 'p') + "." + std::string(60, 'q') + ".example";
  far.subject = "Report Domain: " + name + " Submitter: mail.receiver.example Report-ID: <abc123>";
  const auto mail = compose(far);
  REQUIRE(mail);
  CAPTURE(*mail);
  CHECK(mail->contains("\r\nSubject: Report Domain:\r\n " + name +
                       "\r\n Submitter: mail.receiver.example Report-ID: <abc123>\r\n"));
  // A word that is longer than a line may be is encoded (RFC 5322 §2.1.1).
  far.subject = std::string(990, 'x');
  CHECK(compose(far)->contains("\r\nSubject: =?us-ascii?"));
}

TEST_CASE("no value breaks out of its field", "[report_post]") {
  MailDraft hostile = draft();
  hostile.from_name = "Evil\r\nBcc: victim@example.net\r\n\r\n<script>";
  hostile.subject = "Report Domain: x\r\nX-Injected: yes\n\n--=_body\0end";
  hostile.parts[1].file_name = "a\"b\r\nX-Injected: yes\r\n\r\nbody.gz";
  const auto mail = compose(hostile);
  REQUIRE(mail);
  CHECK_FALSE(mail->contains("\nBcc:"));
  CHECK_FALSE(mail->contains("\nX-Injected:"));
  const std::string header = header_of(*mail);
  CHECK(header.contains("\r\nTo: reports@example.com\r\n"));
  CHECK(header.contains("\r\nMIME-Version: 1.0\r\n"));
}

TEST_CASE("an address that is none is no addressee", "[report_post]") {
  const std::string bad = GENERATE(as<std::string>{}, "", "a", "a@b\r\nBcc: c@d", "<a@b.example>",
                                   "a@b.example, c@d.example", "a b@c.example");
  DYNAMIC_SECTION("[" << bad << "]") {
    MailDraft to = draft();
    to.to = {"reports@example.com", bad};
    CHECK_FALSE(compose(to));
    MailDraft from = draft();
    from.from = bad;
    CHECK_FALSE(compose(from));
    MailDraft id = draft();
    id.message_id = bad;
    CHECK_FALSE(compose(id));
  }
}

TEST_CASE("text beyond ASCII is encoded", "[report_post]") {
  MailDraft german = draft();
  german.from_name = "Empfänger GmbH";
  german.subject = "Grüße";
  german.parts = {{.type = "text/plain", .file_name = "", .content = "Grüße\n"},
                  {.type = "application/gzip", .file_name = "grüße.gz", .content = "x"}};
  const auto mail = compose(german);
  REQUIRE(mail);
  CHECK(mail->contains("From: =?iso-8859-1?"));  // RFC 2047
  CHECK(mail->contains("Subject: =?UTF-8?"));
  CHECK(mail->contains("filename=\"gr____e.gz\""));
  CHECK(mail->contains("Gr=C3=BC=C3=9Fe\r\n"));
  CHECK(std::ranges::none_of(*mail, mail::is_eight_bit));
}

TEST_CASE("a failure report has the parts of RFC 5965 §2", "[report_post]") {
  MailDraft failure = draft();
  failure.structure = Structure::feedback_report;
  failure.parts = {
      {.type = "text/plain", .file_name = "", .content = "A failure report.\n"},
      {.type = "message/feedback-report", .file_name = "", .content = "Version: 1\r\n"},
      {.type = "text/rfc822-headers", .file_name = "", .content = "From: a@example.com\n"}};
  const auto mail = compose(failure);
  REQUIRE(mail);
  CHECK(header_of(*mail).contains("Content-Type: multipart/report;"));
  CHECK(header_of(*mail).contains("report-type=feedback-report"));
  CHECK(
      mail->contains("Content-Type: message/feedback-report\r\n"
                     "Content-Transfer-Encoding: 7bit\r\n\r\nVersion: 1\r\n"));
  CHECK(mail->contains("\r\n\r\nFrom: a@example.com\r\n"));
  CHECK_FALSE(mail->contains("\r\r\n"));
}

}  // namespace sekisho::report::mailer
