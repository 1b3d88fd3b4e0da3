#include "report/aggregate_sender/aggregate_sender.hpp"

#include "report/aggregate_sender/scene.hpp"
#include "report/format/aggregate_reader.hpp"
#include "report/gunzip.hpp"
#include "report/schema.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::report::aggregate_sender {

TEST_CASE("what the store counted is what the report says", "[report_send]") {
  Scene scene;
  scene.add("example.org", {"mailto:reports@example.org"}, "192.0.2.1", 3);
  scene.add("example.org", {"mailto:reports@example.org"}, "2001:db8::1", 2);
  const SendResult report = scene.send_one();
  CHECK(report.outcome == SendOutcome::sent);
  CHECK(report.messages == 5);
  CHECK(report.records == 2);
  REQUIRE(scene.mailer.sent.size() == 1);
  CHECK(scene.mailer.sent[0].sender.empty());
  CHECK(scene.mailer.sent[0].recipient == "reports@example.org");
  CHECK(scene.mailer.sent[0].mail.size() == report.octets);

  REQUIRE(scene.packages.size() == 1);
  const std::string xml = gunzip(scene.packages[0].xml_gz);
  CHECK(is_valid(xml, format::Form::rfc9990));
  const auto read = read_whole(xml);
  REQUIRE(read);
  CHECK(read->reading.notes.empty());
  const format::AggregateHeader& header = read->reading.header;
  CHECK(header.metadata.org_name == "Receiver & Söhne");
  CHECK(header.metadata.email == "dmarc@receiver.example");
  CHECK(header.metadata.report_id == report.report_id);
  CHECK(header.metadata.generator == "Sekisho test");
  CHECK(header.metadata.period ==
        format::Period{store::first_day,
                       store::first_day + std::chrono::hours{24} - std::chrono::seconds{1}});
  CHECK(header.policy == store::an_observation().policy);
  REQUIRE(read->records.size() == 2);
  CHECK(read->records[0].count == 3);
  format::AggregateRecord expected = store::an_observation("example.org", "2001:db8::1").record;
  expected.count = 2;
  CHECK(read->records[1] == expected);
}

TEST_CASE("RFC 7489's form is written for those who want it", "[report_send]") {
  struct Case {
    std::string name;
    format::Form form;
    std::string wanted_by;
    format::Form expected;
  };
  const Case cases[] = {
      {"nobody", format::Form::rfc9990, "example.net", format::Form::rfc9990},
      {"all", format::Form::rfc7489, "example.net", format::Form::rfc7489},
      {"the policy domain", format::Form::rfc9990, "example.org", format::Form::rfc7489},
      {"the addressee", format::Form::rfc9990, "mail.example.org", format::Form::rfc7489},
  };
  for (const Case& row : cases) {
    DYNAMIC_SECTION(row.name) {
      Scene scene;
      scene.resolver->add_txt("_dmarc.example.org", "v=DMARC1; p=none");
      scene.options.form = row.form;
      scene.options.rfc7489_domains = {mail::Domain::parse(row.wanted_by).value()};
      scene.add("example.org", {"mailto:reports@mail.example.org"});
      const SendResult report = scene.send_one();
      CHECK(report.outcome == SendOutcome::sent);
      CHECK(report.form == row.expected);
      REQUIRE(scene.packages.size() == 1);
      CHECK(is_valid(gunzip(scene.packages[0].xml_gz), row.expected));
    }
  }
}

TEST_CASE("a report is sent once, however often it is asked for", "[report_send]") {
  Scene scene;
  scene.add("example.org", {"mailto:reports@example.org"});
  CHECK(scene.send_one().outcome == SendOutcome::sent);
  scene.now += std::chrono::hours{48};
  CHECK(scene.send_one().outcome == SendOutcome::sent_before);
  CHECK(scene.send(store::first_day, Selection::unsent).empty());
  CHECK(scene.mailer.sent.size() == 1);
}

TEST_CASE("what another host is at is left to it, until it is gone", "[report_send]") {
  Scene scene;
  scene.add("example.org", {"mailto:reports@example.org"});
  store::SendClaims claims(scene.store.database());
  REQUIRE(claims.claim("example.org", period_of(store::first_day), "mx2", scene.now).value());
  CHECK(scene.send_one().outcome == SendOutcome::sent_before);
  scene.now += store::stale_claim;
  CHECK(scene.send_one().outcome == SendOutcome::sent);
}

TEST_CASE("a smarthost that is down ends the run; the next one sends the same", "[report_send]") {
  Scene scene;
  scene.add("a.example", {"mailto:reports@a.example"});
  scene.add("b.example", {"mailto:reports@b.example"});
  scene.mailer.answers = {{"reports@a.example", mailer::DeliveryStatus::unreachable},
                          {"reports@b.example", mailer::DeliveryStatus::unreachable}};
  const auto down = scene.send();
  CHECK_FALSE(scene.reachable);
  REQUIRE(down.size() == 1);
  CHECK(down[0].outcome == SendOutcome::unreachable);
  scene.mailer.answers.clear();
  scene.now += std::chrono::hours{1};
  const auto up = scene.send();
  REQUIRE(up.size() == 2);
  CHECK(up[0].outcome == SendOutcome::sent);
  CHECK(up[1].outcome == SendOutcome::sent);
  // RFC 9990 §3.5.2: a report that is sent again has the same file name.
  CHECK(up[0].file_name == down[0].file_name);
  CHECK(up[0].report_id == down[0].report_id);
}

TEST_CASE("what a run left of a day the next one finds", "[report_send]") {
  using std::chrono::days;
  Scene scene;
  const std::chrono::sys_days next = store::first_day + days{1};
  scene.add("old.example", {"mailto:reports@old.example"}, "192.0.2.1", 1,
            store::first_day - days{1});
  scene.add("a.example", {"mailto:reports@a.example"});
  scene.add("b.example", {"mailto:reports@b.example"});
  scene.add("c.example", {"mailto:reports@c.example"}, "192.0.2.1", 1, next);
  CHECK(scene.unfinished_days(store::first_day).empty());  // nobody was ever at any

  scene.mailer.answers = {{"reports@a.example", mailer::DeliveryStatus::unreachable}};
  CHECK(scene.send().size() == 1);  // b.example was not come to
  CHECK_FALSE(scene.reachable);

  // Two days later: no run was on the day between.
  scene.mailer.answers.clear();
  scene.now += days{2};
  const std::chrono::sys_days last = next + days{1};
  CHECK(scene.unfinished_days(last) == std::vector{store::first_day, next});
  CHECK(scene.send(store::first_day, Selection::unsent).size() == 2);
  CHECK(scene.send(next, Selection::unsent).size() == 1);
  CHECK(scene.mailer.sent.size() == 3);
  CHECK(scene.send(store::first_day, Selection::unsent).empty());
  CHECK(scene.unfinished_days(store::first_day + days{7}).size() == 7);
  CHECK(scene.unfinished_days(store::first_day + days{8}) ==
        std::vector{next, next + days{1}, next + days{2}, next + days{3}, next + days{4},
                    next + days{5}, next + days{6}});
}

TEST_CASE("an excluded domain is told of once", "[report_send]") {
  Scene scene;
  scene.add("example.org", {"mailto:reports@example.org"});
  scene.options.exclude_domains = {mail::Domain::parse("example.org").value()};
  CHECK(scene.send_one().outcome == SendOutcome::excluded);
  CHECK(scene.send(store::first_day, Selection::unsent).empty());
}

TEST_CASE("a report is tried again for those alone who have not had it", "[report_send]") {
  // RFC 9990 §3.5: an attempt to every address.
  using enum mailer::DeliveryStatus;
  struct Case {
    std::string name;
    mailer::DeliveryStatus first;
    mailer::DeliveryStatus second;
    SendOutcome outcome;
    std::vector<std::string> again;  ///< Whom a later run tries.
  };
  const Case cases[] = {
      {"both", sent, sent, SendOutcome::sent, {}},
      {"the first", sent, deferred, SendOutcome::sent, {"b@example.org"}},
      {"the second", refused, sent, SendOutcome::sent, {}},
      {"the second, later the first", deferred, sent, SendOutcome::sent, {"a@example.org"}},
      {"later perhaps", rejected, deferred, SendOutcome::deferred, {"b@example.org"}},
      {"the smarthost went", sent, unreachable, SendOutcome::sent, {"b@example.org"}},
      {"neither", refused, rejected, SendOutcome::nobody, {}},
  };
  for (const Case& row : cases) {
    DYNAMIC_SECTION(row.name) {
      Scene scene;
      scene.add("example.org", {"mailto:a@example.org", "mailto:b@example.org"});
      scene.mailer.answers = {{"a@example.org", row.first}, {"b@example.org", row.second}};
      const SendResult first = scene.send_one();
      CHECK(first.outcome == row.outcome);
      scene.mailer.answers.clear();
      scene.now += std::chrono::days{2};  // whom it was refused by need not be left alone now
      std::vector<std::string> again;
      for (const SendResult& report : scene.send(store::first_day, Selection::unsent)) {
        CHECK(report.outcome == SendOutcome::sent);
        CHECK(report.file_name == first.file_name);  // RFC 9990 §3.5.2
        for (const RecipientDelivery& deliveries : report.deliveries) {
          again.push_back(deliveries.address);
        }
      }
      CHECK(again == row.again);
      CHECK(scene.send(store::first_day, Selection::unsent).empty());
    }
  }
}

TEST_CASE("a run that is cut short is taken up where it was", "[report_send]") {
  struct PowerCut {};
  Scene scene;
  scene.add("example.org",
            {"mailto:a@example.org", "mailto:b@example.org", "mailto:c@example.org"});
  scene.mailer.on_delivery = [](const std::string& recipient) {
    if (recipient == "b@example.org") {
      throw PowerCut();
    }
  };
  CHECK_THROWS_AS(scene.send(), PowerCut);
  scene.mailer.on_delivery = nullptr;
  CHECK(scene.send_one().outcome == SendOutcome::sent_before);
  scene.now += store::stale_claim;
  CHECK(scene.send_one().outcome == SendOutcome::sent);
  CHECK(scene.mailer.tried == std::map<std::string, int>{{"a@example.org", 1},
                                                         {"b@example.org", 2},
                                                         {"c@example.org", 1}});
}

TEST_CASE("who is too slow leaves the rest to who took over", "[report_send]") {
  Scene scene;
  scene.add("example.org", {"mailto:a@example.org", "mailto:b@example.org"});
  store::SendClaims claims(scene.store.database());
  scene.mailer.on_delivery = [&](const std::string&) {
    scene.now += store::stale_claim;
    REQUIRE(claims.claim("example.org", period_of(store::first_day), "mx2", scene.now).value());
  };
  CHECK(scene.send_one().outcome == SendOutcome::sent);
  CHECK(scene.mailer.tried == std::map<std::string, int>{{"a@example.org", 1}});
  // What mx2 finds.
  CHECK(claims.settled("example.org", period_of(store::first_day)).value() ==
        std::set<std::string>{"a@example.org"});
}

TEST_CASE("a report that is long on its way keeps its claim", "[report_send]") {
  Scene scene;
  scene.add("example.org",
            {"mailto:a@example.org", "mailto:b@example.org", "mailto:c@example.org"});
  store::SendClaims claims(scene.store.database());
  scene.mailer.on_delivery = [&](const std::string&) {
    scene.now += store::stale_claim - std::chrono::minutes{1};
    CHECK_FALSE(claims.claim("example.org", period_of(store::first_day), "mx2", scene.now).value());
  };
  CHECK(scene.send_one().outcome == SendOutcome::sent);
  CHECK(scene.mailer.sent.size() == 3);
}

TEST_CASE("the owner of a record is told what is wrong with it", "[report_send]") {
  // RFC 9990 §3.1.5
  Scene scene;
  store::Observation observation = store::an_observation();
  observation.policy.errors = {"sp= is neither none, quarantine nor reject"};
  observation.addresses = {"mailto:a@example.org", "https://example.org/dmarc",
                           "mailto:b@stranger.example", "mailto:c@silent.example"};
  scene.resolver->fail("example.org._report._dmarc.silent.example", dns::Status::timeout);
  REQUIRE(scene.store.add({{observation}}));
  scene.send_one();
  REQUIRE(scene.packages.size() == 1);
  const std::string xml = gunzip(scene.packages[0].xml_gz);
  CHECK(is_valid(xml, format::Form::rfc9990));
  const auto read = read_whole(xml);
  REQUIRE(read);
  CHECK(read->reading.header.metadata.errors ==
        std::vector<std::string>{"sp= is neither none, quarantine nor reject; "
                                 "rua=https://example.org/dmarc: not a mailto: URI; "
                                 "rua=mailto:b@stranger.example: no DMARC record at "
                                 "example.org._report._dmarc.stranger.example"});
}

TEST_CASE("nobody is written to who has not agreed to it", "[report_send]") {
  Scene scene;
  scene.resolver->add_txt("example.org._report._dmarc.reader.example", "v=DMARC1");
  scene.add("example.org", {"mailto:victim@stranger.example", "mailto:r@reader.example"});
  const SendResult report = scene.send_one();
  CHECK(report.outcome == SendOutcome::sent);
  REQUIRE(scene.mailer.sent.size() == 1);
  CHECK(scene.mailer.sent[0].recipient == "r@reader.example");
  CHECK_FALSE(scene.mailer.sent[0].mail.contains("victim@"));
  REQUIRE(report.ignored.size() == 1);
  CHECK(report.ignored[0].uri == "mailto:victim@stranger.example");
}

TEST_CASE("a DNS that is silent defers the report", "[report_send]") {
  Scene scene;
  scene.resolver->fail("example.org._report._dmarc.reader.example", dns::Status::timeout);
  scene.add("example.org", {"mailto:r@reader.example"});
  CHECK(scene.send_one().outcome == SendOutcome::deferred);
  scene.resolver = std::make_shared<test::FakeResolver>();
  scene.resolver->add_txt("example.org._report._dmarc.reader.example", "v=DMARC1");
  scene.now += std::chrono::days{1};
  const auto again = scene.send(store::first_day, Selection::unsent);
  REQUIRE(again.size() == 1);
  CHECK(again[0].outcome == SendOutcome::sent);
}

TEST_CASE("what others agreed to is known to the next run", "[report_send]") {
  Scene scene;
  scene.resolver->add_txt("example.org._report._dmarc.reader.example", "v=DMARC1");
  scene.add("example.org", {"mailto:r@reader.example"});
  CHECK(scene.send_one().outcome == SendOutcome::sent);
  scene.resolver = std::make_shared<test::FakeResolver>();  // it knows nothing
  const std::chrono::sys_days next = store::first_day + std::chrono::days{1};
  scene.add("example.org", {"mailto:r@reader.example"}, "192.0.2.1", 1, next);
  const auto reports = scene.send(next);
  REQUIRE(reports.size() == 1);
  CHECK(reports[0].outcome == SendOutcome::sent);
  CHECK(scene.resolver->asked().empty());
}

TEST_CASE("a dry run shows all and changes nothing", "[report_send]") {
  Scene scene;
  scene.resolver->add_txt("example.org._report._dmarc.reader.example", "v=DMARC1");
  scene.add("example.org", {"mailto:r@reader.example"}, "192.0.2.1", 7);
  const auto reports = scene.send(store::first_day, Selection::all, true);
  REQUIRE(reports.size() == 1);
  CHECK(reports[0].outcome == SendOutcome::prepared);
  CHECK(reports[0].messages == 7);
  CHECK(reports[0].octets > 0);
  REQUIRE(reports[0].deliveries.size() == 1);
  CHECK(scene.mailer.tried.empty());
  store::SendClaims claims(scene.store.database());
  CHECK(claims.within(period_of(store::first_day)).value().empty());
  CHECK(scene.send_one().outcome == SendOutcome::sent);
}

TEST_CASE("what was sent can be looked at afterwards as it was", "[report_send]") {
  Scene scene;
  scene.options.form = format::Form::rfc7489;
  scene.add("example.org", {"mailto:a@example.org"});
  const SendResult sent = scene.send_one();
  const auto seen = scene.send(store::first_day, Selection::every, true);
  REQUIRE(seen.size() == 1);
  CHECK(seen[0].outcome == SendOutcome::sent_before);
  CHECK(seen[0].form == format::Form::rfc7489);
  CHECK(seen[0].report_id == sent.report_id);
  CHECK(seen[0].octets == sent.octets);
  CHECK(scene.mailer.sent.size() == 1);
}

TEST_CASE("reports are made of days that are over", "[report_send]") {
  using namespace std::chrono_literals;
  SendOptions options;
  options.delay = 10min;
  const std::chrono::sys_seconds midnight = store::first_day + std::chrono::days{1};
  CHECK(last_complete_day(options, midnight + 10min) == store::first_day);
  CHECK(last_complete_day(options, midnight + 9min) == store::first_day - std::chrono::days{1});
  CHECK(last_complete_day(options, midnight + 23h) == store::first_day);
}

TEST_CASE("without an address of ours there are no reports", "[report_send]") {
  SendOptions options;
  CHECK_FALSE(make_reporting_organization(options, ""));
  options.email = "nobody";
  CHECK_FALSE(make_reporting_organization(options, ""));
  options.email = "a@b.example\r\nBcc: x@y.example";
  CHECK_FALSE(make_reporting_organization(options, ""));
  options.email = "dmarc@mx.example.org";
  const auto reporter = make_reporting_organization(options, "");
  REQUIRE(reporter);
  CHECK(reporter->submitter.text() == "mx.example.org");
}

}  // namespace sekisho::report::aggregate_sender
