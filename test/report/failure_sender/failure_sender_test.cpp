#include "report/failure_sender/failure_sender.hpp"

#include "report/failure/sample.hpp"
#include "report/failure/temporary_folder.hpp"
#include "report/failure_sender/spool_lock.hpp"

#include <deque>
#include <stdexcept>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::report::failure_sender {

namespace {

using Catch::Contains;

constexpr std::chrono::sys_seconds now{std::chrono::seconds(1'790'000'600)};

/// Answers as it is told, and keeps what it got.
class PaperMailer final : public mailer::Mailer {
 public:
  mailer::Delivery send(const std::string& sender, const std::string& recipient,
                        std::string_view mail) override {
    senders.push_back(sender);
    recipients.push_back(recipient);
    mails.emplace_back(mail);
    if (recipient == power_cut) {
      throw std::runtime_error("the power is gone");
    }
    if (answers.empty()) {
      return {mailer::DeliveryStatus::sent, "250 ok"};
    }
    const mailer::Delivery answer = answers.front();
    answers.pop_front();
    return answer;
  }

  std::deque<mailer::Delivery> answers;
  std::string power_cut;  ///< Comes with this recipient.
  std::vector<std::string> senders;
  std::vector<std::string> recipients;
  std::vector<std::string> mails;
};

recipients::Destination destination(const char* address) {
  return *recipients::parse_destination(std::string("mailto:") + address);
}

/// A spool, who is found, and what was told.
struct Scene {
  FailureSenderServices services(mailer::Mailer& used) {
    return {.find_recipients =
                [this](const mail::Domain& policy_domain, std::span<const std::string> uris) {
                  asked.emplace_back(policy_domain.text());
                  asked.insert(asked.end(), uris.begin(), uris.end());
                  return recipients;
                },
            .mailer = used,
            .on_event =
                [this](const FailureEvent& event) {
                  told.push_back(std::string(format_failure_send_status(event.status)) + " " +
                                 event.to);
                  reasons += event.reason + "\n";
                }};
  }

  void store() {
    failure::EvaluatedMessage message = failure::failed_message();
    const failure::FailureReport report =
        failure::compose_failure_report(message, {failure::FailureKind::dmarc, 0},
                                        {.authserv_id = "mx.example.org", .version = "1"});
    REQUIRE(spool.store(report, {}, 100) == failure::Spool::Stored::yes);
  }

  void run(std::chrono::sys_seconds at = now) { run_with(mailer, at); }
  void run_with(mailer::Mailer& used, std::chrono::sys_seconds at = now) {
    told.clear();
    REQUIRE(send_failure_reports(spool, options, services(used), at));
  }

  std::size_t waiting() { return spool.list()->size(); }

  failure::TemporaryFolder folder;
  failure::Spool spool{folder.path()};
  recipients::Recipients recipients{.destinations = {destination("failures@bank.example")},
                                    .ignored = {}};
  PaperMailer mailer;
  FailureSenderOptions options{.author = {.name = "Example", .address = "dmarc@example.org"},
                               .sender = ""};
  std::vector<std::string> asked;
  std::vector<std::string> told;
  std::string reasons;
};

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("delivery: a report is mailed and gone (RFC 9991 §2)", "[failure]") {
  Scene scene;
  scene.store();
  scene.run();
  CHECK(scene.asked == Lines{"bank.example", "mailto:failures@bank.example"});
  CHECK(scene.told == Lines{"sent failures@bank.example"});
  CHECK(scene.waiting() == 0);
  REQUIRE(scene.mailer.mails.size() == 1);
  CHECK(scene.mailer.senders.front().empty());
  const std::string& mail = scene.mailer.mails.front();
  CHECK_THAT(mail, Contains("\r\nTo: failures@bank.example\r\n") &&
                       Contains("From: Example <dmarc@example.org>\r\n") &&
                       Contains("Subject: FW: Your account, Bob\r\n") &&
                       Contains("Auto-Submitted: auto-generated\r\n"));
  CHECK_THAT(mail, Contains("Content-Type: multipart/report;") &&
                       Contains("report-type=feedback-report") &&
                       Contains("Content-Type: message/feedback-report\r\n") &&
                       Contains("Content-Type: text/rfc822-headers\r\n"));
}

TEST_CASE("delivery: an attempt for each addressee (RFC 9991 §2)", "[failure]") {
  Scene scene;
  scene.store();
  scene.recipients.destinations.push_back(destination("other@bank.example"));
  scene.mailer.answers = {{mailer::DeliveryStatus::sent, "250"},
                          {mailer::DeliveryStatus::deferred, "451 later"}};
  scene.run();
  CHECK(scene.told == Lines{"sent failures@bank.example", "waiting other@bank.example"});
  CHECK(scene.waiting() == 1);
  scene.run();
  CHECK(scene.told == Lines{"sent other@bank.example"});
  CHECK(scene.waiting() == 0);
}

TEST_CASE("delivery: a run that is cut short is taken up where it was", "[failure]") {
  Scene scene;
  scene.store();
  scene.recipients.destinations.push_back(destination("other@bank.example"));
  scene.mailer.power_cut = "other@bank.example";
  CHECK_THROWS(static_cast<void>(
      send_failure_reports(scene.spool, scene.options, scene.services(scene.mailer), now)));
  scene.mailer.power_cut.clear();
  scene.run();
  CHECK(scene.told == Lines{"sent other@bank.example"});
  CHECK(scene.waiting() == 0);
}

TEST_CASE("delivery: whom the DNS does not name gets nothing (RFC 9991 §5)", "[failure]") {
  Scene scene;
  scene.store();
  scene.recipients = {.destinations = {},
                      .ignored = {{"mailto:x@victim.example", "does not take them", false}}};
  scene.run();
  CHECK(scene.told == Lines{"refused mailto:x@victim.example"});
  CHECK(scene.mailer.mails.empty());
  CHECK(scene.waiting() == 0);
}

TEST_CASE("delivery: where the DNS does not answer the report waits", "[failure]") {
  Scene scene;
  scene.store();
  scene.recipients.ignored = {{"mailto:x@slow.example", "no answer", true}};
  scene.run();
  CHECK(scene.told == Lines{"waiting mailto:x@slow.example", "sent failures@bank.example"});
  CHECK(scene.waiting() == 1);
  scene.recipients.ignored.clear();
  scene.run();
  CHECK(scene.told.empty());
  CHECK(scene.waiting() == 0);
}

TEST_CASE("delivery: refused is done with", "[failure]") {
  Scene scene;
  scene.store();
  scene.mailer.answers = {{mailer::DeliveryStatus::refused, "550 no such user"}};
  scene.run();
  CHECK(scene.told == Lines{"refused failures@bank.example"});
  CHECK(scene.waiting() == 0);
}

TEST_CASE("delivery: without a smarthost nothing more is tried", "[failure]") {
  Scene scene;
  scene.store();
  scene.store();
  scene.mailer.answers = {{mailer::DeliveryStatus::unreachable, "connection refused"}};
  scene.run();
  CHECK(scene.mailer.mails.size() == 1);
  CHECK(scene.waiting() == 2);
}

TEST_CASE("delivery: too large for the address (RFC 7489 §6.2)", "[failure]") {
  Scene scene;
  scene.store();
  scene.recipients.destinations.front().max_octets = 100;
  scene.run();
  CHECK(scene.told == Lines{"refused failures@bank.example"});
  CHECK(scene.waiting() == 0);
}

TEST_CASE("delivery: old reports are dropped unsent", "[failure]") {
  Scene scene;
  scene.store();
  scene.run(now + std::chrono::hours(24));
  CHECK(scene.told == Lines{"expired "});
  CHECK(scene.mailer.mails.empty());
  CHECK(scene.waiting() == 0);
}

TEST_CASE("delivery: a dry run changes nothing", "[failure]") {
  Scene scene;
  scene.store();
  mailer::DryRunMailer dry_run;
  scene.run_with(dry_run);
  CHECK(scene.told == Lines{"waiting failures@bank.example"});
  CHECK_THAT(scene.reasons, Contains("would be sent"));
  scene.run_with(dry_run, now + std::chrono::hours(24));
  CHECK(scene.waiting() == 1);
}

TEST_CASE("delivery: a broken file is told of, and the rest goes out", "[failure]") {
  Scene scene;
  failure::SpooledReport odd;
  odd.report.made = now;
  REQUIRE(scene.spool.replace("000-odd.json", odd));  // no policy domain
  scene.store();
  scene.run();
  CHECK(scene.told == Lines{"broken ", "sent failures@bank.example"});
  CHECK_FALSE(send_failure_reports(failure::Spool("/dev/null/x"), scene.options,
                                   scene.services(scene.mailer), now));
}

TEST_CASE("delivery: one at a time", "[failure]") {
  const failure::TemporaryFolder folder;
  {
    const auto first = SpoolLock::take(folder.path());
    REQUIRE(first);
    CHECK(first->has_value());
    CHECK_FALSE(SpoolLock::take(folder.path())->has_value());
  }
  CHECK(SpoolLock::take(folder.path())->has_value());
  CHECK_THAT(SpoolLock::take("/nonexistent/spool").error(), Contains("/nonexistent/spool: "));
}

}  // namespace sekisho::report::failure_sender
