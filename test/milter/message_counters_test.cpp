// What is counted of messages, and what is remembered of those that were refused.
#include "milter/monitor/message_counters.hpp"

#include "milter/monitor/recent_events.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

using namespace sekisho;
using namespace std::chrono_literals;
using milter::Counted;
using milter::MessageCounters;
using milter::RecentEvents;

namespace {

std::uint64_t count_in(const std::vector<Counted>& all, std::string_view name) {
  const auto found = std::ranges::find(all, name, &Counted::name);
  return found == all.end() ? 999 : found->count;
}

std::uint64_t count_of(const MessageCounters& counters, std::string_view method,
                       std::string_view result) {
  for (const milter::CountedResults& counted : counters.read().results) {
    if (counted.method == method) {
      return count_in(counted.results, result);
    }
  }
  return 999;
}

dkim::Result signature(dkim::ResultCode code) {
  dkim::Result result;
  result.code = code;
  return result;
}

checkpoint::Verdict refusal(const std::string& queue_id) {
  checkpoint::Verdict verdict;
  verdict.findings.envelope.queue_id = queue_id;
  verdict.disposition.action = policy::Action::reject;
  return verdict;
}

constexpr std::chrono::sys_seconds now{1'800'000'000s};

}  // namespace

TEST_CASE("a time is counted under the first bound that it does not exceed", "[milter]") {
  Histogram histogram;
  histogram.add(0ns);
  histogram.add(1ms);
  histogram.add(1ms + 1ns);
  histogram.add(1h);
  const Histogram::Reading reading = histogram.read();
  CHECK(reading.up_to[0] == 2);
  CHECK(reading.up_to[1] == 3);
  CHECK(reading.up_to[Histogram::bounds.size() - 1] == 3);
  CHECK(reading.count() == 4);
  CHECK(reading.sum == 1h + 2ms);
}

TEST_CASE("a message is counted by its action and by each of its results", "[milter]") {
  MessageCounters counters;
  checkpoint::Verdict verdict = refusal("4X");
  findings::Findings& found = verdict.findings;
  found.client.address = dns::IpAddress::parse("192.0.2.1");
  found.client.tls.version = tls::Version::tls_1_3;
  found.iprev = iprev::Result{iprev::ResultCode::fail};
  found.spf_helo = spf::Result{};
  found.spf_mail_from = spf::Result{spf::ResultCode::softfail};
  found.dkim_checked = true;
  found.dkim = {signature(dkim::ResultCode::pass), signature(dkim::ResultCode::fail),
                signature(dkim::ResultCode::fail)};
  found.dkim[1].added_lines = 4;
  found.arc_checked = true;
  found.dmarc = dmarc::Result{dmarc::ResultCode::permerror};
  found.faults = {"one", "two"};
  counters.count_message(verdict, 3ms);

  CHECK(count_in(counters.read().actions, "reject") == 1);
  CHECK(count_in(counters.read().actions, "accept") == 0);
  CHECK(count_of(counters, "tls", "TLSv1.3") == 1);
  CHECK(count_of(counters, "iprev", "fail") == 1);
  CHECK(count_of(counters, "spf_helo", "none") == 1);
  CHECK(count_of(counters, "spf", "softfail") == 1);
  CHECK(count_of(counters, "dkim", "pass") == 1);
  CHECK(count_of(counters, "dkim", "fail") == 2);
  CHECK(counters.read().footers == 1);
  CHECK(count_of(counters, "dkim", "none") == 0);
  CHECK(count_of(counters, "arc", "none") == 1);
  CHECK(count_of(counters, "dmarc", "permerror") == 1);
  CHECK(counters.read().faults == 2);
  CHECK(counters.read().waited.count() == 1);
}

TEST_CASE("what did not run is not counted", "[milter]") {
  MessageCounters counters;
  counters.count_message({}, 0ms);
  for (const milter::CountedResults& counted : counters.read().results) {
    for (const auto& [result, count] : counted.results) {
      CAPTURE(counted.method, result);
      CHECK(count == 0);
    }
  }
}

TEST_CASE("signatures, seals and what has none are counted", "[milter]") {
  MessageCounters counters;
  checkpoint::Verdict verdict;
  verdict.findings.outgoing.signatures.resize(2, {*mail::Domain::parse("example.org"), "s1"});
  verdict.findings.outgoing.sealed_instance = 3;
  counters.count_message(verdict, 0ms);
  verdict.findings.outgoing = {};
  verdict.findings.outgoing.not_signed = findings::NotSigned::no_key;
  verdict.findings.dkim_checked = true;
  counters.count_message(verdict, 0ms);
  CHECK(counters.read().signatures == 2);
  CHECK(counters.read().seals == 1);
  CHECK(counters.read().left_unsigned == 1);
  CHECK(count_of(counters, "dkim", "none") == 1);
}

TEST_CASE("refusals are remembered, the latest first, up to a limit", "[milter]") {
  RecentEvents recent_events(now);
  for (int i = 0; i < 30; ++i) {
    recent_events.note_message(refusal("4X" + std::to_string(i)), now);
  }
  recent_events.note_message({}, now);  // accepted
  const auto refusals = recent_events.read().refusals;
  REQUIRE(refusals.size() == RecentEvents::max_refusals);
  CHECK(refusals.front().queue_id == "4X29");
  CHECK(refusals.back().queue_id == "4X10");
}

TEST_CASE("what is remembered of a refusal is fit to be shown", "[milter]") {
  RecentEvents recent_events(now);
  checkpoint::Verdict verdict = refusal("4X");
  verdict.findings.envelope.sender = "a\x1b[2J\r\n\xff@example.org";
  verdict.findings.envelope.recipients = {"bob\xe2\x80\xae@example.net"};
  verdict.disposition.reason = std::string(5'000, 'x');
  recent_events.note_recipient(verdict, now);
  const milter::Refusal shown = recent_events.read().refusals.front();
  CHECK(shown.sender == "a [2J \xef\xbf\xbd@example.org");
  CHECK(shown.recipient == "bob\xef\xbf\xbd@example.net");
  CHECK(shown.reason.size() == 256);
  CHECK(shown.client == "local");
  CHECK(shown.author.empty());
}

TEST_CASE("the latest reload is remembered with its reason", "[milter]") {
  RecentEvents recent_events(now);
  CHECK_FALSE(recent_events.read().last_reload.has_value());
  recent_events.note_reload({now, ""});
  recent_events.note_reload({now + 1s, "sekisho.toml:1: nonsense"});
  const RecentEvents::Reading reading = recent_events.read();
  CHECK(reading.good_reloads == 1);
  CHECK(reading.refused_reloads == 1);
  CHECK(reading.last_reload->refusal == "sekisho.toml:1: nonsense");
}
