// The one line that the log has of each message.
#include "milter/monitor/message_line.hpp"

#include "milter/verdict_on_envelope.hpp"

#include <catch2/catch.hpp>

using namespace sekisho;
using milter::escape_value;
using namespace std::chrono_literals;

TEST_CASE("values stand for themselves or in quotes, escaped", "[milter]") {
  CHECK(escape_value("mx.example.org") == "mx.example.org");
  CHECK(escape_value("<>") == "<>");
  CHECK(escape_value("") == "\"\"");
  CHECK(escape_value("x dmarc=pass") == R"("x\x20dmarc=pass")");
  CHECK(escape_value("a\"b\\c") == R"("a\"b\\c")");
  CHECK(escape_value("a\nb\x1b\xff") == R"("a\x0ab\x1b\xff")");
  CHECK(escape_value(std::string("a\0b", 3)) == R"("a\x00b")");
}

TEST_CASE("long values are cut", "[milter]") {
  CHECK(escape_value(std::string(256, 'x')) == std::string(256, 'x'));
  CHECK(escape_value(std::string(257, 'x')) == std::string(256, 'x') + "...");
  CHECK(milter::quote_text(std::string(257, ' ')) == "\"" + std::string(256, ' ') + "...\"");
}

TEST_CASE("words of ours keep their blanks", "[milter]") {
  CHECK(milter::quote_text("because") == "because");
  CHECK(milter::quote_text("no key \"s\"\n") == R"("no key \"s\"\x0a")");
}

TEST_CASE("a line has the queue id first and says what ran", "[milter]") {
  checkpoint::Verdict verdict = milter::verdict_on_envelope();
  findings::Findings& found = verdict.findings;
  SECTION("hardly anything ran") {
    CHECK(milter::format_line(milter::message_facts(verdict, 3ms)) ==
          "4XyZ: client=192.0.2.1 helo=mail.example.org from=<alice@example.org> nrcpt=2 "
          "author=no_from action=accept ms=3");
  }
  SECTION("all ran") {
    found.author.status = mail::AuthorStatus::single_domain;
    found.author.domains = {*mail::Domain::parse("example.org")};
    found.iprev = iprev::Result{iprev::ResultCode::pass, "mail.example.org", ""};
    found.spf_helo = spf::Result{};
    found.spf_mail_from = spf::Result{spf::ResultCode::pass};
    found.dkim_checked = true;
    dkim::Result good;
    good.code = dkim::ResultCode::pass;
    good.domain = mail::Domain::parse("example.org");
    good.selector = "s1";
    dkim::Result bad;
    bad.code = dkim::ResultCode::fail;
    bad.reason = "3 lines were added at the end";
    bad.added_lines = 3;
    found.dkim = {good, bad};
    found.dmarc = dmarc::Result{dmarc::ResultCode::pass};
    verdict.disposition = {policy::Action::quarantine, {}, "because"};
    CHECK(milter::format_line(milter::message_facts(verdict, 12ms)) ==
          "4XyZ: client=192.0.2.1 helo=mail.example.org from=<alice@example.org> nrcpt=2 "
          "author=example.org iprev=pass spf_helo=none spf=pass dkim=pass d=example.org s=s1 "
          "dkim=fail why=\"3 lines were added at the end\" change=body.tail lines=3 dmarc=pass "
          "action=quarantine "
          "reason=because ms=12");
  }
}

TEST_CASE("a message without a queue id, client, or end of signatures", "[milter]") {
  checkpoint::Verdict verdict;
  verdict.findings.dkim_checked = true;
  verdict.findings.dkim.resize(25);
  const std::string line = milter::format_line(milter::message_facts(verdict, 0ms));
  CHECK_THAT(line, Catch::StartsWith("NOQUEUE: client=local helo=\"\" from=<> nrcpt=0 "));
  CHECK_THAT(line, Catch::Contains(" dkim_more=15 "));
}
