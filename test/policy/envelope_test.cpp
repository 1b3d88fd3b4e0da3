// What SPF, the client's name and required signatures lead to (RFC 7208 §8, RFC 7372 §3).
#include "policy/envelope.hpp"

#include "policy/decide.hpp"

#include <catch2/catch.hpp>

using namespace sekisho;
using policy::Action;
using policy::Measure;
using policy::Options;

namespace {

findings::Findings from_client() {
  findings::Findings findings;
  findings.client.address = dns::IpAddress::parse("192.0.2.1");
  findings.author.status = mail::AuthorStatus::single_domain;
  findings.author.domains = {*mail::Domain::parse("www.bank.example")};
  return findings;
}

findings::Findings with_spf(spf::ResultCode code) {
  findings::Findings findings = from_client();
  spf::Result spf;
  spf.code = code;
  spf.domain = "bank.example";
  findings.spf_mail_from = spf;
  return findings;
}

findings::Findings with_iprev(iprev::ResultCode code) {
  findings::Findings findings = from_client();
  iprev::Result result;
  result.code = code;
  findings.iprev = result;
  return findings;
}

findings::Findings with_signature(dkim::ResultCode code, const char* domain) {
  findings::Findings findings = from_client();
  dkim::Result signature;
  signature.code = code;
  signature.domain = mail::Domain::parse(domain);
  findings.dkim = {signature};
  findings.dkim_checked = true;
  return findings;
}

}  // namespace

TEST_CASE("results of the envelope are only reported by default", "[policy]") {
  using enum spf::ResultCode;
  for (const spf::ResultCode code : {none, neutral, pass, fail, softfail, temperror, permerror}) {
    CAPTURE(spf::format_result_code(code));
    const policy::Disposition decided = policy::decide(with_spf(code), {}, {});
    CHECK(decided.action == Action::accept);
    CHECK(decided.reason.empty());
  }
  CHECK_FALSE(policy::refuses_envelopes({}));
}

TEST_CASE("a rule for one recipient makes RCPT worth an answer", "[policy]") {
  Options options;
  policy::Rule rule;
  rule.action = Action::reject;
  rule.recipient = *policy::Condition<policy::NameSet>::parse({"closed@example.org"});
  options.rules = {rule};
  CHECK(policy::refuses_envelopes(options));
  options.dry_run = true;
  CHECK_FALSE(policy::refuses_envelopes(options));
}

TEST_CASE("each result of the envelope has its option and its code (RFC 7372 §3.2, §3.3)",
          "[policy]") {
  struct Case {
    std::string name;
    findings::Findings findings;
    Measure Options::* option;
    std::string enhanced;
    std::string what;
  };
  const Case cases[] = {
      {"fail", with_spf(spf::ResultCode::fail), &Options::spf_on_fail, "5.7.23",
       "SPF does not allow this client to send for bank.example"},
      {"softfail", with_spf(spf::ResultCode::softfail), &Options::spf_on_softfail, "5.7.23",
       "SPF hardly allows this client to send for bank.example"},
      {"permerror", with_spf(spf::ResultCode::permerror), &Options::spf_on_permerror, "5.7.24",
       "SPF has no valid record for bank.example"},
      {"another name", with_iprev(iprev::ResultCode::fail), &Options::iprev_on_fail, "5.7.25",
       "The reverse DNS name of 192.0.2.1 does not lead back to this address"},
      {"no name", with_iprev(iprev::ResultCode::permerror), &Options::iprev_on_permerror, "5.7.25",
       "The address 192.0.2.1 has no reverse DNS name"},
  };
  for (const Case& row : cases) {
    DYNAMIC_SECTION(row.name) {
      Options options;
      options.*row.option = Measure::reject;
      CHECK(policy::refuses_envelopes(options));
      const policy::Disposition refused = policy::decide(row.findings, {}, options);
      CHECK(refused.action == Action::reject);
      CHECK(refused.reply == policy::Reply{"550", row.enhanced, row.what});

      options.*row.option = Measure::hold;
      CHECK_FALSE(policy::refuses_envelopes(options));
      CHECK(policy::decide(row.findings, {}, options).action == Action::quarantine);

      options.*row.option = Measure::reject;
      findings::Findings ours = row.findings;
      for (const auto origin : {findings::Origin::authenticated, findings::Origin::internal}) {
        ours.origin = origin;
        CHECK(policy::decide(ours, {}, options).action == Action::accept);
      }
    }
  }
}

TEST_CASE("where several methods fail the code says so (RFC 7372 §4)", "[policy]") {
  findings::Findings findings = with_spf(spf::ResultCode::fail);
  findings.iprev = with_iprev(iprev::ResultCode::permerror).iprev;
  Options options;
  options.spf_on_fail = Measure::reject;
  options.iprev_on_permerror = Measure::reject;
  const policy::Disposition refused = policy::decide(findings, {}, options);
  CHECK(refused.reply.enhanced == "5.7.26");
  CHECK(refused.reply.text ==
        "SPF does not allow this client to send for bank.example\n"
        "The address 192.0.2.1 has no reverse DNS name");
  CHECK(refused.path.size() == 2);
}

TEST_CASE("authors of listed domains need a signature (RFC 7372 §3.1)", "[policy]") {
  using enum dkim::ResultCode;
  struct Case {
    std::string name;
    findings::Findings findings;
    std::string code;
  };
  findings::Findings unsigned_message = from_client();
  unsigned_message.dkim_checked = true;
  const Case cases[] = {
      {"its own", with_signature(pass, "bank.example"), ""},
      {"one below", with_signature(pass, "eu.bank.example"), ""},
      {"none", unsigned_message, "550 5.7.20"},
      {"none that a fault of ours let us check", from_client(), ""},
      {"one that fails", with_signature(fail, "bank.example"), "550 5.7.20"},
      {"one that is not acceptable", with_signature(dkim::ResultCode::policy, "bank.example"),
       "550 5.7.21"},
      {"another's", with_signature(pass, "notbank.example"), "550 5.7.22"},
      {"a key that gave no answer", with_signature(temperror, "bank.example"), "451 4.7.20"},
      {"another's, whose key gave no answer", with_signature(temperror, "list.example"),
       "550 5.7.20"},
  };
  Options options;
  options.require_signature_from = {*mail::Domain::parse("bank.example")};
  for (const Case& row : cases) {
    DYNAMIC_SECTION(row.name) {
      const policy::Disposition decided = policy::decide(row.findings, {}, options);
      const std::string code = decided.reply.code + " " + decided.reply.enhanced;
      CHECK(code == (row.code.empty() ? " " : row.code));
      CHECK(policy::decide(row.findings, {}, {}).action == Action::accept);
    }
  }
}

TEST_CASE("a dry run decides and tells, and does nothing", "[policy]") {
  Options options;
  options.spf_on_fail = Measure::reject;
  options.dry_run = true;
  const policy::Disposition decided = policy::decide(with_spf(spf::ResultCode::fail), {}, options);
  CHECK(decided.action == Action::accept);
  CHECK(decided.withheld == Action::reject);
  CHECK(decided.reply == policy::Reply{});
  CHECK(
      decided.reason ==
      "dry run, would reject: policy.spf_on_fail = reject: SPF gives fail for the sender's domain "
      "bank.example");
}

TEST_CASE("a dry run explains a DMARC failure that asks for something (RFC 9990 appendix A)",
          "[policy]") {
  findings::Findings findings = with_spf(spf::ResultCode::fail);
  findings.dmarc = dmarc::Result{dmarc::ResultCode::fail};
  Options options;
  options.spf_on_fail = Measure::reject;
  options.dry_run = true;
  CHECK_FALSE(policy::decide(findings, {}, options).overrides.dmarc);
  findings.dmarc->policy = dmarc::Policy::quarantine;
  CHECK(policy::decide(findings, {}, options).overrides.dmarc ==
        findings::Override{dmarc::OverrideType::local_policy, "dry run"});
}
