// Which signatures are told, in which order, and how they are told apart.
#include "authres/described.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace sekisho;
using namespace sekisho::authres;

TEST_CASE("header.i has a valid domain, and a local part only where it is plain", "[authres]") {
  struct Case {
    std::string auid;
    std::string written;  // in the field; empty: left out
  };
  const Case cases[] = {
      {"@example.com", "@example.com"},
      {"joe+list.a-b_c@sub.example.com", "joe+list.a-b_c@sub.example.com"},
      {"joe=list@sub.example.com", "@sub.example.com"},
      {"dmarc=pass@example.com", "@example.com"},
      {"joe@b\u00fccher.example", "joe@xn--bcher-kva.example"},
      {"\u5c02@example.com", "@example.com"},  // a reader of US-ASCII stops at it
      {"\u202ejoe@example.com", "@example.com"},
      {"a b@example.com", "@example.com"},
      {"\"a b\"@example.com", "@example.com"},
      {"\"x; dmarc=pass header.from=example.org\"@example.com", "@example.com"},
      {"a;(\"@example.com", "@example.com"},
      {"a@example.net(.example.com", ""},
      {"example.com", ""},
      {"\xff@example.com", "@example.com"},
      {"a\u009b2Jb@example.com", "@example.com"},  // CSI, of C1
      {"a\r\nb@example.com", "@example.com"},
      {"", ""},
  };
  for (const auto& [auid, written] : cases) {
    DYNAMIC_SECTION(auid) {
      dkim::Result result = signature(dkim::ResultCode::pass, "AAAABBBB");
      result.auid = auid;
      const std::string property = written.empty() ? "" : " header.i=" + written;
      CHECK(line(signed_by({result})) == " mx.example.org; dkim=pass header.d=example.com" +
                                             property +
                                             " header.s=s1 header.a=rsa-sha256 header.b=AAAABBBB");
    }
  }
}

TEST_CASE("header.b tells signatures apart, with at least eight characters (RFC 6008 §4)",
          "[authres]") {
  struct Case {
    std::vector<std::string> signatures;
    std::vector<std::string> written;
  };
  const Case cases[] = {
      {{"short"}, {"short"}},
      {{""}, {}},
      {{"oINEO8hgn/gnunsg", "EToRSuvUfQVP3Bkz"}, {"oINEO8hg", "EToRSuvU"}},
      {{"AAAAAAAAAAB1", "AAAAAAAAAAC2", "AAAAAAAAX"}, {"AAAAAAAAAAB", "AAAAAAAAAAC", "AAAAAAAAX"}},
      {{"AAAAAAAAA", "AAAAAAAAAB"}, {"AAAAAAAAA", "AAAAAAAAAB"}},
      {{"AAAAAAAAAB", "AAAAAAAAAB"}, {"AAAAAAAA", "AAAAAAAA"}},
  };
  for (std::size_t i = 0; i < std::size(cases); ++i) {
    DYNAMIC_SECTION(i) {
      std::vector<dkim::Result> results;
      for (const std::string& text : cases[i].signatures) {
        results.push_back(signature(dkim::ResultCode::pass, text));
      }
      CHECK(values_of(described(signed_by(results)), "header.b") == cases[i].written);
    }
  }
}

TEST_CASE("of a thousand signatures the passing ones are told", "[authres]") {
  std::vector<dkim::Result> results(1000, signature(dkim::ResultCode::policy, "AAAABBBB"));
  results[900] = signature(dkim::ResultCode::pass, "CCCCDDDD");
  const std::vector<MethodResult> methods = described(signed_by(results));
  REQUIRE(methods.size() == authres::max_described_signatures);
  CHECK(methods.front().result == "policy");
  CHECK(methods[authres::max_leading_signatures - 1].result == "pass");
  CHECK(methods.back().result == "policy");

  results.assign(1000, signature(dkim::ResultCode::pass, "AAAABBBB"));
  CHECK(described(signed_by(results)).size() == authres::max_described_signatures);
}

TEST_CASE("dmarc and arc stand before the sixth signature", "[authres]") {
  for (const std::size_t count : {1U, 4U, 5U, 6U, 40U}) {
    findings::Findings findings =
        signed_by(std::vector<dkim::Result>(count, signature(dkim::ResultCode::fail, "AAAABBBB")));
    findings.arc_checked = true;
    findings.dmarc = dmarc::Result{};
    const std::vector<MethodResult> methods = described(findings);
    const std::size_t leading = std::min<std::size_t>(count, 5);
    CAPTURE(count);
    REQUIRE(methods.size() == count + 2);
    CHECK(methods[leading - 1].method == "dkim");
    CHECK(methods[leading].method == "arc");
    CHECK(methods[leading + 1].method == "dmarc");
    CHECK(methods.back().method == (count > 5 ? "dkim" : "dmarc"));
  }
}

TEST_CASE("of many signatures the aligned one is told first", "[authres]") {
  struct Case {
    const char* organization;  // empty: not known
    const char* author;
    const char* signer;
    bool is_first;
  };
  const Case cases[] = {
      {"example.com", "a.example.com", "b.example.com", true},
      {"example.com", "example.com", "example.com", true},
      {"", "example.com", "mail.example.com", true},
      {"example.com", "example.com", "example.org", false},
      {"", "mail.example.com", "example.com", false},
  };
  for (const Case& each : cases) {
    std::vector<dkim::Result> results(60, signature(dkim::ResultCode::pass, "AAAABBBB"));
    for (dkim::Result& result : results) {
      result.domain = domain("stranger.example");
    }
    results[10].code = dkim::ResultCode::fail;
    results.back().domain = domain(each.signer);
    results.back().signature = "CCCCDDDD";
    findings::Findings findings = signed_by(results);
    findings.dmarc = dmarc::Result{};
    findings.dmarc->author_domain = domain(each.author);
    if (*each.organization != '\0') {
      findings.dmarc->organizational_domain = domain(each.organization);
    }
    const std::vector<std::string> told = values_of(described(findings), "header.b");
    CAPTURE(each.author, each.signer);
    REQUIRE(told.size() == authres::max_described_signatures);
    CHECK((told[authres::max_leading_signatures - 1] == "CCCCDDDD") == each.is_first);
  }
}

TEST_CASE("whatever is found has room in a field, with dmarc in it", "[authres]") {
  const std::string label(63, 'a');
  const mail::Domain longest = domain(label + '.' + label + '.' + label + ".example.com");
  dkim::Result result = signature(dkim::ResultCode::permerror, "AAAABBBB");
  result.domain = longest;
  result.auid = std::string(64, 'l') + '@' + longest.text();
  result.selector = longest.text();
  result.reason = std::string(500, 'r');
  std::vector<dkim::Result> results;
  for (int i = 0; i < 60; ++i) {
    result.signature = std::string(300, 'A') + std::to_string(i);
    results.push_back(result);
  }
  findings::Findings findings = signed_by(results);
  findings.client.login = std::string(500, 'u');
  findings.client.address = dns::IpAddress::parse("2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff");
  findings.envelope.sender = "a@example.com";
  findings.iprev = iprev::Result{iprev::ResultCode::temperror, longest.text(), result.reason};
  findings.spf_helo = spf::Result{spf::ResultCode::permerror,
                                  spf::Identity::helo,
                                  longest.text(),
                                  std::string(3000, 'm'),
                                  "",
                                  result.reason};
  findings.spf_mail_from = findings.spf_helo;
  findings.spf_mail_from->identity = spf::Identity::mail_from;
  findings.arc_checked = true;
  findings.arc = {.status = arc::ChainStatus::pass, .sets = 50, .oldest_pass = 1};
  findings.arc.sealers.assign(50, {longest, "s"});
  findings.dmarc = dmarc::Result{};
  findings.dmarc->code = dmarc::ResultCode::fail;
  findings.dmarc->author_domain = findings.dmarc->record_domain = longest;
  findings.dmarc->record = dmarc::Record{};
  const findings::Override override{dmarc::OverrideType::local_policy, std::string(1000, 'o')};
  const auto field = authres::describe(findings, {override, override, override}, longest.text(),
                                       {.login = true, .extended = true});
  const std::string value = authres::format(field, {.comments = true});
  CHECK(value.size() <= authres::max_written_octets);
  const auto read = authres::parse(value);
  REQUIRE(read.has_value());
  for (const char* method : {"auth", "iprev", "spf", "dkim", "arc", "dmarc"}) {
    CAPTURE(method);
    CHECK(std::ranges::count(read->results, method, &MethodResult::method) > 0);
  }
  CHECK(values_of(read->results, "policy.dmarc").size() == 1);
}
