#include "authres/described.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace sekisho;
using namespace sekisho::authres;

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
