// The log: what repeats itself, where it goes, and its form for programs.
#include "milter/monitor/journal.hpp"
#include "milter/monitor/message_json.hpp"
#include "milter/monitor/repeat_limit.hpp"
#include "milter/verdict_on_envelope.hpp"

#include <algorithm>
#include <cstdio>
#include <memory>

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace sekisho;
using namespace std::chrono_literals;
using milter::RepeatLimit;

namespace {

constexpr RepeatLimit::Time start{1h};

nlohmann::json parse_members(const std::string& members) {
  return nlohmann::json::parse("{" + members + "}");
}

/// How many of `count` were admitted.
std::size_t admitted(RepeatLimit& limit, const std::string& kind, std::size_t count,
                     RepeatLimit::Time now) {
  std::size_t sum = 0;
  for (std::size_t i = 0; i < count; ++i) {
    sum += limit.admit(kind, now) ? 1 : 0;
  }
  return sum;
}

}  // namespace

TEST_CASE("the same trouble is told ten times a minute, and then how often it was not",
          "[milter]") {
  RepeatLimit limit;
  CHECK(admitted(limit, "no memory", 25, start) == RepeatLimit::per_minute);
  CHECK(limit.admit("no disk", start));
  CHECK(limit.collect(start + 59s).empty());
  CHECK_FALSE(limit.admit("no memory", start + 59s));
  CHECK(limit.collect(start + 60s) == std::vector<RepeatLimit::LeftOut>{{"no memory", 16}});
  CHECK(limit.collect(start + 60s).empty());
  CHECK(limit.admit("no memory", start + 60s));
}

TEST_CASE("troubles without end take no memory without end", "[milter]") {
  RepeatLimit limit;
  std::size_t sum = 0;
  for (int i = 0; i < 10'000; ++i) {
    sum += admitted(limit, "trouble " + std::to_string(i), 1, start);
  }
  CHECK(sum == RepeatLimit::max_kinds + RepeatLimit::per_minute);
  const auto left_out = limit.collect(start + 1min);
  REQUIRE(left_out.size() == 1);
  CHECK(left_out.front() == RepeatLimit::LeftOut{"", 10'000 - sum});
}

TEST_CASE("the journal is known by device and inode", "[milter]") {
  const std::unique_ptr<std::FILE, decltype(&std::fclose)> file(std::tmpfile(), &std::fclose);
  REQUIRE(file != nullptr);
  struct stat status{};
  REQUIRE(fstat(fileno(file.get()), &status) == 0);
  const std::string device = std::to_string(status.st_dev);
  const std::string inode = std::to_string(status.st_ino);
  CHECK(milter::is_journal(fileno(file.get()), device + ":" + inode));
  CHECK_FALSE(milter::is_journal(fileno(file.get()), device + ":" + inode + "1"));
  CHECK_FALSE(milter::is_journal(fileno(file.get()), ""));
  CHECK_FALSE(milter::is_journal(-1, device + ":" + inode));
}

TEST_CASE("a message in JSON has what its line has", "[milter]") {
  checkpoint::Verdict verdict = milter::verdict_on_envelope();
  findings::Findings& found = verdict.findings;
  SECTION("hardly anything ran") {
    CHECK(milter::format_members(milter::message_facts(verdict, 3ms)) ==
          R"("queue_id":"4XyZ","client":"192.0.2.1","helo":"mail.example.org",)"
          R"("from":"alice@example.org","nrcpt":2,"author":"no_from","action":"accept","ms":3)");
  }
  SECTION("all ran") {
    found.origin = findings::Origin::authenticated;
    found.iprev = iprev::Result{iprev::ResultCode::pass};
    found.spf_mail_from = spf::Result{spf::ResultCode::softfail};
    found.dkim_checked = true;
    found.dkim.resize(12);
    found.dkim[0].reason = "body hash did not verify";
    found.arc_checked = true;
    found.dmarc = dmarc::Result{dmarc::ResultCode::pass};
    found.outgoing.signatures = {{*mail::Domain::parse("example.org"), "s1"}};
    found.outgoing.sealed_instance = 2;
    verdict.disposition = {policy::Action::quarantine, {}, "because"};
    const nlohmann::json object =
        parse_members(milter::format_members(milter::message_facts(verdict, 3ms)));
    CHECK(object.at("origin") == "authenticated");
    CHECK(object.at("spf") == "softfail");
    CHECK(object.at("dkim").size() == 10);
    CHECK(object.at("dkim")[0] ==
          nlohmann::json({{"result", "neutral"}, {"why", "body hash did not verify"}}));
    CHECK(object.at("dkim_more") == 2);
    CHECK(object.at("arc") == "none");
    CHECK(object.at("dmarc") == "pass");
    CHECK(object.at("signed")[0] == nlohmann::json({{"d", "example.org"}, {"s", "s1"}}));
    CHECK(object.at("sealed") == 2);
    CHECK(object.at("reason") == "because");
  }
  SECTION("hostile words stay within their strings") {
    found.client.helo = "a\",\"action\":\"accept\n\x1b\xff\0z" + std::string(5'000, 'x');
    const std::string members = milter::format_members(milter::message_facts(verdict, 3ms));
    CHECK(members.size() < 1'000);
    CHECK(std::ranges::all_of(members, [](char c) { return c >= ' ' && c < 0x7F; }));
    CHECK(parse_members(members).at("action") == "accept");
  }
  SECTION("a refused recipient") {
    const nlohmann::json object =
        parse_members(milter::format_members(milter::recipient_facts(verdict, 3ms)));
    CHECK(object.at("rcpt") == "bob@example.net");
    CHECK_FALSE(object.contains("nrcpt"));
  }
}
