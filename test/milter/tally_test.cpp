// What is counted of messages, and what is remembered of those that were refused.
#include "milter/tally.hpp"

#include "milter/chronicle.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

using namespace sekisho;
using namespace std::chrono_literals;
using milter::Chronicle;
using milter::Counted;
using milter::Tally;

namespace {

std::uint64_t count_in(const std::vector<Counted>& all, std::string_view name) {
  const auto found = std::ranges::find(all, name, &Counted::name);
  return found == all.end() ? 999 : found->count;
}

std::uint64_t count_of(const Tally& tally, std::string_view method, std::string_view result) {
  for (const milter::CountedResults& counted : tally.read().results) {
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
  Tally tally;
  checkpoint::Verdict verdict = refusal("4X");
  findings::Findings& found = verdict.findings;
  found.iprev = iprev::Result{iprev::ResultCode::fail};
  found.spf_helo = spf::Result{};
  found.spf_mail_from = spf::Result{spf::ResultCode::softfail};
  found.dkim_checked = true;
  found.dkim = {signature(dkim::ResultCode::pass), signature(dkim::ResultCode::fail),
                signature(dkim::ResultCode::fail)};
  found.arc_checked = true;
  found.dmarc = dmarc::Result{dmarc::ResultCode::permerror};
  found.faults = {"one", "two"};
  tally.count_message(verdict, 3ms);

  CHECK(count_in(tally.read().actions, "reject") == 1);
  CHECK(count_in(tally.read().actions, "accept") == 0);
  CHECK(count_of(tally, "iprev", "fail") == 1);
  CHECK(count_of(tally, "spf_helo", "none") == 1);
  CHECK(count_of(tally, "spf", "softfail") == 1);
  CHECK(count_of(tally, "dkim", "pass") == 1);
  CHECK(count_of(tally, "dkim", "fail") == 2);
  CHECK(count_of(tally, "dkim", "none") == 0);
  CHECK(count_of(tally, "arc", "none") == 1);
  CHECK(count_of(tally, "dmarc", "permerror") == 1);
  CHECK(tally.read().faults == 2);
  CHECK(tally.read().waited.count() == 1);
}

TEST_CASE("what did not run is not counted", "[milter]") {
  Tally tally;
  tally.count_message({}, 0ms);
  for (const milter::CountedResults& counted : tally.read().results) {
    for (const auto& [result, count] : counted.results) {
      CAPTURE(counted.method, result);
      CHECK(count == 0);
    }
  }
}

TEST_CASE("signatures, seals and what has none are counted", "[milter]") {
  Tally tally;
  checkpoint::Verdict verdict;
  verdict.findings.outgoing.signatures.resize(2, {*mail::Domain::parse("example.org"), "s1"});
  verdict.findings.outgoing.sealed_instance = 3;
  tally.count_message(verdict, 0ms);
  verdict.findings.outgoing = {};
  verdict.findings.outgoing.not_signed = findings::NotSigned::no_key;
  verdict.findings.dkim_checked = true;
  tally.count_message(verdict, 0ms);
  CHECK(tally.read().signatures == 2);
  CHECK(tally.read().seals == 1);
  CHECK(tally.read().left_unsigned == 1);
  CHECK(count_of(tally, "dkim", "none") == 1);
}

TEST_CASE("refusals are remembered, the latest first, up to a limit", "[milter]") {
  Chronicle chronicle(now);
  for (int i = 0; i < 30; ++i) {
    chronicle.note_message(refusal("4X" + std::to_string(i)), now);
  }
  chronicle.note_message({}, now);  // accepted
  const auto refusals = chronicle.read().refusals;
  REQUIRE(refusals.size() == Chronicle::max_refusals);
  CHECK(refusals.front().queue_id == "4X29");
  CHECK(refusals.back().queue_id == "4X10");
}

TEST_CASE("what is remembered of a refusal is fit to be shown", "[milter]") {
  Chronicle chronicle(now);
  checkpoint::Verdict verdict = refusal("4X");
  verdict.findings.envelope.sender = "a\x1b[2J\r\n\xff@example.org";
  verdict.findings.envelope.recipients = {"bob\xe2\x80\xae@example.net"};
  verdict.disposition.reason = std::string(5'000, 'x');
  chronicle.note_recipient(verdict, now);
  const milter::Refusal shown = chronicle.read().refusals.front();
  CHECK(shown.sender == "a [2J \xef\xbf\xbd@example.org");
  CHECK(shown.recipient == "bob\xef\xbf\xbd@example.net");
  CHECK(shown.reason.size() == 256);
  CHECK(shown.client == "local");
  CHECK(shown.author.empty());
}

TEST_CASE("the latest reload is remembered with its reason", "[milter]") {
  Chronicle chronicle(now);
  CHECK_FALSE(chronicle.read().last_reload.has_value());
  chronicle.note_reload({now, ""});
  chronicle.note_reload({now + 1s, "sekisho.toml:1: nonsense"});
  const Chronicle::Reading reading = chronicle.read();
  CHECK(reading.good_reloads == 1);
  CHECK(reading.refused_reloads == 1);
  CHECK(reading.last_reload->refusal == "sekisho.toml:1: nonsense");
}
