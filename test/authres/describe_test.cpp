#include "authres/describe.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace sekisho;
using authres::MethodResult;
using authres::Property;

namespace {

mail::Domain domain(const std::string& name) {
  return mail::Domain::parse(name).value();
}

std::vector<MethodResult> described(const findings::Findings& findings) {
  return authres::describe(findings, {}, "mx.example.org").results;
}

// As it is written and read again, on one line.
std::string line(const findings::Findings& findings, const authres::DescribeOptions& options = {},
                 const findings::Overrides& overrides = {}) {
  std::string text =
      authres::format(authres::describe(findings, overrides, "mx.example.org", options));
  for (std::size_t at = 0; (at = text.find("\r\n\t")) != std::string::npos;) {
    text.replace(at, 3, " ");
  }
  return text;
}

dkim::Result signature(dkim::ResultCode code, const std::string& text) {
  dkim::Result result;
  result.code = code;
  result.domain = domain("example.com");
  result.auid = "@example.com";
  result.selector = "s1";
  result.algorithm = "rsa-sha256";
  result.signature = text;
  return result;
}

findings::Findings signed_by(std::vector<dkim::Result> results) {
  findings::Findings findings;
  findings.dkim_checked = true;
  findings.dkim = std::move(results);
  return findings;
}

std::vector<std::string> values_of(const std::vector<MethodResult>& results,
                                   const std::string& property) {
  std::vector<std::string> values;
  for (const MethodResult& result : results) {
    for (const Property& each : result.properties) {
      if (each.type + "." + each.name == property) {
        values.push_back(each.value);
      }
    }
  }
  return values;
}

}  // namespace

TEST_CASE("a login is told where that is asked for (RFC 8601 \u00a72.7.4)", "[authres]") {
  findings::Findings findings;
  findings.client.login = "alice@example.org";
  CHECK(authres::describe(findings, {}, "mx.example.org").results.empty());
  const auto field = authres::describe(findings, {}, "mx.example.org", {.login = true});
  CHECK(authres::format(field) == " mx.example.org;\r\n\tauth=pass smtp.auth=alice@example.org");
  findings.client.login.clear();
  CHECK(authres::describe(findings, {}, "mx.example.org", {.login = true}).results.empty());
}

TEST_CASE("nothing that ran is none (RFC 8601 §4)", "[authres]") {
  CHECK(line({}) == " mx.example.org; none");
}

TEST_CASE("all methods in their order, with the properties that are registered", "[authres]") {
  findings::Findings findings = signed_by({signature(dkim::ResultCode::pass, "AAAABBBBCCCC")});
  findings.client.address = dns::IpAddress::parse("192.0.2.1");
  findings.envelope.sender = "author@example.com";
  findings.iprev = iprev::Result{iprev::ResultCode::pass, "mail.example.com", ""};
  findings.spf_helo =
      spf::Result{spf::ResultCode::none, spf::Identity::helo, "mail.example.com", "", "", ""};
  findings.spf_mail_from = spf::Result{spf::ResultCode::pass,
                                       spf::Identity::mail_from,
                                       "example.com",
                                       "ip4:192.0.2.0/24",
                                       "",
                                       "matched"};
  findings.arc_checked = true;
  dmarc::Result dmarc;
  dmarc.code = dmarc::ResultCode::pass;
  dmarc.author_domain = domain("example.com");
  dmarc.record_domain = domain("example.com");
  dmarc.record = dmarc::Record{};
  dmarc.policy = dmarc.published_policy = dmarc::Policy::reject;
  findings.dmarc = dmarc;

  CHECK(line(findings) ==
        " mx.example.org;"
        " iprev=pass policy.iprev=192.0.2.1;"
        " spf=none smtp.helo=mail.example.com;"
        " spf=pass smtp.mailfrom=example.com;"
        " dkim=pass header.d=example.com header.i=@example.com header.s=s1 header.a=rsa-sha256"
        " header.b=AAAABBBB;"
        " arc=none smtp.remote-ip=192.0.2.1;"
        " dmarc=pass header.from=example.com policy.dmarc=reject");
}

TEST_CASE("a checked message without signatures is dkim=none (RFC 8601 §2.7.1)", "[authres]") {
  CHECK(line(signed_by({})) == " mx.example.org; dkim=none");
}

TEST_CASE("reasons are told of what does not pass, and cannot end a result", "[authres]") {
  dkim::Result failed = signature(dkim::ResultCode::fail, "AAAABBBB");
  failed.reason = "key; (bad) \"x\" \\\r\n y";
  CHECK(described(signed_by({failed})).front().reason == "key, bad 'x'  y");
  failed.code = dkim::ResultCode::pass;
  CHECK(described(signed_by({failed})).front().reason.empty());
  failed.code = dkim::ResultCode::neutral;
  failed.reason = std::string(1000, 'x');
  CHECK(described(signed_by({failed})).front().reason == std::string(117, 'x') + "...");
}

TEST_CASE("with the null sender SPF is told once (RFC 7208 §2.4)", "[authres]") {
  findings::Findings findings;
  findings.spf_helo =
      spf::Result{spf::ResultCode::pass, spf::Identity::helo, "mail.example.com", "", "", ""};
  findings.spf_mail_from = findings.spf_helo;
  CHECK(line(findings) == " mx.example.org; spf=pass smtp.helo=mail.example.com");
}

TEST_CASE("a failure that a rule outweighs says by which", "[authres]") {
  findings::Findings findings;
  findings.envelope.sender = "joe@example.com";
  findings.spf_helo =
      spf::Result{spf::ResultCode::pass, spf::Identity::helo, "mail.example.com", "", "", ""};
  findings.spf_mail_from =
      spf::Result{spf::ResultCode::fail, spf::Identity::mail_from, "example.com", "", "", "no"};
  const findings::Override rule{dmarc::OverrideType::local_policy, "rule 1: known"};
  CHECK(line(findings, {}, {.dmarc = {}, .spf = rule, .iprev = {}}) ==
        " mx.example.org; spf=pass smtp.helo=mail.example.com;"
        " spf=fail reason=\"local_policy: rule 1: known\" smtp.mailfrom=example.com");
}

TEST_CASE("two results of SPF without a name are told once", "[authres]") {
  findings::Findings findings;
  findings.envelope.sender = "joe@[192.0.2.1]";
  findings.spf_helo = spf::Result{spf::ResultCode::none, spf::Identity::helo, "", "", "", ""};
  findings.spf_mail_from =
      spf::Result{spf::ResultCode::none, spf::Identity::mail_from, "", "", "", ""};
  CHECK(line(findings) == " mx.example.org; spf=none");
  findings.spf_mail_from->domain = "example.com";
  CHECK(line(findings) == " mx.example.org; spf=none; spf=none smtp.mailfrom=example.com");
}

TEST_CASE("SPF names the domain alone, and only a valid one (CVE-2020-12272)", "[authres]") {
  struct Case {
    std::string checked;
    std::string written;
  };
  const Case cases[] = {
      {"example.com", "example.com"},
      {"EXAMPLE.com.", "example.com"},
      {"b\u00fccher.example", "xn--bcher-kva.example"},
      {"example.net(.example.com", ""},
      {"legitimate.com'a.attack.com", ""},
      {"example.com\r\nX: y", ""},
      {"[192.0.2.1]", ""},
      {"a b", ""},
      {"a@example.com", ""},
      {"", ""},
  };
  for (const auto& [checked, written] : cases) {
    DYNAMIC_SECTION(checked) {
      findings::Findings findings;
      findings.spf_mail_from =
          spf::Result{spf::ResultCode::pass, spf::Identity::mail_from, checked, "", "", ""};
      const auto values = values_of(described(findings), "smtp.mailfrom");
      CHECK(values == (written.empty() ? std::vector<std::string>{} : std::vector{written}));
    }
  }
}

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

TEST_CASE("no word in what is said of SPF looks like a result", "[authres]") {
  findings::Findings findings;
  findings.spf_mail_from = spf::Result{spf::ResultCode::permerror,
                                       spf::Identity::mail_from,
                                       "example.com",
                                       "exists:dmarc=pass.example.com",
                                       "",
                                       "unknown mechanism in \"x:dmarc=pass\""};
  const auto field = authres::describe(findings, {}, "mx.example.org");
  CHECK(authres::format(field, {.comments = true}) ==
        " mx.example.org;\r\n\tspf=permerror (exists:dmarc?pass.example.com)\r\n"
        "\treason=\"unknown mechanism in 'x:dmarc:pass'\"\r\n\tsmtp.mailfrom=example.com");
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

TEST_CASE("a chain that passes names its sealers (RFC 8617 §6)", "[authres]") {
  findings::Findings findings;
  findings.client.address = dns::IpAddress::parse("2001:db8::1");
  findings.arc_checked = true;
  findings.arc = {.status = arc::ChainStatus::pass,
                  .sets = 2,
                  .sealers = {{domain("a.example"), "s"}, {domain("b.example"), "s"}}};
  CHECK(line(findings) ==
        " mx.example.org; arc=pass header.oldest-pass=0 smtp.remote-ip=\"2001:db8::1\"");
  CHECK(line(findings, {.extended = true}) ==
        " mx.example.org; arc=pass header.oldest-pass=0 smtp.remote-ip=\"2001:db8::1\""
        " arc.chain=\"b.example:a.example\"");
  findings.arc.status = arc::ChainStatus::fail;
  findings.arc.reason = "seal 2 did not verify";
  CHECK(line(findings) ==
        " mx.example.org; arc=fail reason=\"seal 2 did not verify\""
        " smtp.remote-ip=\"2001:db8::1\"");
}

TEST_CASE("DMARC tells the policy that applies and what was published (RFC 9989 §9.1)",
          "[authres]") {
  findings::Findings findings;
  dmarc::Result dmarc;
  dmarc.code = dmarc::ResultCode::fail;
  dmarc.reason = "no aligned identifier";
  dmarc.author_domain = domain("sub.example.com");
  dmarc.record_domain = domain("example.com");
  dmarc.record = dmarc::Record{};
  dmarc.policy_source = dmarc::PolicySource::sp;
  dmarc.published_policy = dmarc::Policy::reject;
  dmarc.policy = dmarc::Policy::quarantine;  // t=y
  findings.dmarc = dmarc;
  CHECK(line(findings) ==
        " mx.example.org; dmarc=fail reason=\"no aligned identifier\" header.from=sub.example.com"
        " policy.dmarc=quarantine");
  CHECK(line(findings, {.extended = true}) ==
        " mx.example.org; dmarc=fail reason=\"no aligned identifier\" header.from=sub.example.com"
        " policy.dmarc=quarantine polrec.sp=reject polrec.domain=example.com");

  const findings::Override override{dmarc::OverrideType::local_policy,
                                    "arc=pass as[2].d=b.example as[1].d=a.example"};
  CHECK(line(findings, {}, {.dmarc = override, .spf = {}, .iprev = {}}) ==
        " mx.example.org; dmarc=fail"
        " reason=\"local_policy: arc=pass as[2].d=b.example as[1].d=a.example\""
        " header.from=sub.example.com"
        " policy.dmarc=quarantine");

  findings.dmarc->code = dmarc::ResultCode::none;
  findings.dmarc->record.reset();
  findings.dmarc->reason = "no record";
  CHECK(line(findings) == " mx.example.org; dmarc=none header.from=sub.example.com");
}

TEST_CASE("what is described can be read back", "[authres]") {
  dkim::Result result = signature(dkim::ResultCode::fail, "ab/+AAAA==");
  result.auid = "a.b@example.com";
  result.reason = "body hash did not verify";
  findings::Findings findings = signed_by({result, result});
  findings.client.address = dns::IpAddress::parse("2001:db8::1");
  findings.iprev = iprev::Result{iprev::ResultCode::permerror, "", "no PTR record"};
  authres::AuthenticationResults field = authres::describe(findings, {}, "mx.example.org");
  const auto read = authres::parse(authres::format(field, {.comments = true}));
  for (MethodResult& method : field.results) {
    method.comment.clear();
  }
  CHECK(read == field);
}
