#include "report/aggregate_sender/aggregate_sender.hpp"
#include "report/aggregate_sender/scene.hpp"

#include <chrono>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::report::aggregate_sender {

TEST_CASE("a URI's size limit is that of the whole mail", "[report_send]") {
  // RFC 7489 §7.2.1: after compression and after any encoding.
  Scene scene;
  scene.add("example.org", {"mailto:a@example.org!1k", "mailto:b@example.org!1m"});
  const SendResult report = scene.send_one();
  CHECK(report.outcome == SendOutcome::sent);
  REQUIRE(scene.mailer.sent.size() == 1);
  CHECK(scene.mailer.sent[0].recipient == "b@example.org");
  REQUIRE(report.ignored.size() == 1);
  CHECK(report.ignored[0].uri == "mailto:a@example.org");
}

TEST_CASE("a report beyond our own limit is not sent", "[report_send]") {
  Scene scene;
  scene.add("example.org", {"mailto:a@example.org"});
  // The compressed report alone, and the mail around it.
  scene.options.max_size = GENERATE(as<std::size_t>{}, 100, 1'500);
  const SendResult report = scene.send_one();
  CHECK(report.outcome == SendOutcome::too_large);
  CHECK(scene.mailer.tried.empty());
  // With a larger limit it goes out.
  scene.options.max_size = 1'000'000;
  CHECK(scene.send_one().outcome == SendOutcome::sent);
}

TEST_CASE("an addressee gets so many reports a day", "[report_send]") {
  Scene scene;
  scene.options.per_addressee_per_day = 2;
  for (const auto* const domain : {"a.example.org", "b.example.org", "c.example.org"}) {
    scene.add(domain, {"mailto:all@reader.example"});
    scene.resolver->add_txt(std::string(domain) + "._report._dmarc.reader.example", "v=DMARC1");
  }
  const auto today = scene.send();
  REQUIRE(today.size() == 3);
  CHECK(today[1].outcome == SendOutcome::sent);
  CHECK(today[2].outcome == SendOutcome::deferred);
  CHECK(scene.mailer.tried["all@reader.example"] == 2);
  scene.now += std::chrono::days{1};
  const auto tomorrow = scene.send(store::first_day, Selection::unsent);
  REQUIRE(tomorrow.size() == 1);
  CHECK(tomorrow[0].outcome == SendOutcome::sent);
}

TEST_CASE("a turn that came to nothing is not counted", "[report_send]") {
  Scene scene;
  scene.options.per_addressee_per_day = 1;
  scene.add("example.org", {"mailto:a@example.org"});
  scene.mailer.answers = {{"a@example.org", mailer::DeliveryStatus::deferred}};
  CHECK(scene.send_one().outcome == SendOutcome::deferred);
  scene.mailer.answers.clear();
  CHECK(scene.send_one().outcome == SendOutcome::sent);
}

TEST_CASE("an address that refuses is left alone, and found when it lives again", "[report_send]") {
  Scene scene;
  scene.mailer.answers = {{"dead@example.org", mailer::DeliveryStatus::refused}};
  constexpr int days = 64;
  for (int i = 0; i < days; ++i) {
    const std::chrono::sys_days day = store::first_day + std::chrono::days{i};
    scene.now = day + std::chrono::days{1} + std::chrono::minutes{60 + (i * 7) % 30};
    scene.add("example.org", {"mailto:dead@example.org"}, "192.0.2.1", 1, day);
    const auto reports = scene.send(day);
    REQUIRE(reports.size() == 1);
    CHECK(reports[0].outcome == SendOutcome::nobody);
    CHECK_FALSE(reports[0].reason.empty());
  }
  // After 1, 2, 4, 8, 16 and 32 days
  CHECK(scene.mailer.tried["dead@example.org"] == 7);

  scene.mailer.answers.clear();
  const std::chrono::sys_days late = store::first_day + std::chrono::days{days + 40};
  scene.now = late + std::chrono::days{1} + std::chrono::hours{1};
  scene.add("example.org", {"mailto:dead@example.org"}, "192.0.2.1", 1, late);
  CHECK(scene.send(late).front().outcome == SendOutcome::sent);
  store::RecipientState recipient_state(scene.store.database());
  CHECK_FALSE(recipient_state.failing("dead@example.org").value());
}

TEST_CASE("an address that refuses is tried ever more seldom", "[report_send]") {
  using namespace std::chrono_literals;
  constexpr std::chrono::sys_seconds now{};
  using std::chrono::days;
  CHECK(next_try(now, 0) == now + days{1} - 1h);
  CHECK(next_try(now, 1) == now + days{2} - 1h);
  CHECK(next_try(now, 4) == now + days{16} - 1h);
  CHECK(next_try(now, 5) == now + days{32} - 1h);
  CHECK(next_try(now, 4'000'000'000) == now + days{32} - 1h);
}

TEST_CASE("a refusal that a wrong clock has noted does not last", "[report_send]") {
  Scene scene;
  scene.add("example.org", {"mailto:a@example.org"});
  store::RecipientState recipient_state(scene.store.database());
  const auto then = scene.now + std::chrono::days{3'650};
  REQUIRE(recipient_state.note_failure("a@example.org", then, then + std::chrono::days{1}));
  CHECK(scene.send_one().outcome == SendOutcome::sent);
}

TEST_CASE("a mail that is not wanted does its address no harm", "[report_send]") {
  Scene scene;  // an address that many domains share
  scene.resolver->add_txt("_dmarc.example.org", "v=DMARC1; p=none");
  scene.add("large.example.org", {"mailto:all@example.org"});
  scene.mailer.answers = {{"all@example.org", mailer::DeliveryStatus::rejected}};
  CHECK(scene.send_one().outcome == SendOutcome::nobody);
  scene.mailer.answers.clear();
  scene.add("small.example.org", {"mailto:all@example.org"});
  const auto reports = scene.send(store::first_day, Selection::unsent);
  REQUIRE(reports.size() == 1);
  CHECK(reports[0].outcome == SendOutcome::sent);
}

TEST_CASE("no report goes out about a domain that is excluded", "[report_send]") {
  Scene scene;
  scene.options.exclude_domains = {mail::Domain::parse("receiver.example").value()};
  scene.add("receiver.example", {"mailto:r@receiver.example"});
  scene.add("sub.receiver.example", {"mailto:r@receiver.example"});
  scene.add("notreceiver.example", {"mailto:r@notreceiver.example"});
  const auto reports = scene.send();
  REQUIRE(reports.size() == 3);
  CHECK(reports[0].outcome == SendOutcome::sent);
  CHECK(reports[1].outcome == SendOutcome::excluded);
  CHECK(reports[2].outcome == SendOutcome::excluded);
  CHECK(scene.mailer.sent.size() == 1);
}

}  // namespace sekisho::report::aggregate_sender
