// When a missing answer of the DNS turns a message away (RFC 9989 §5.3.6).
#include "policy/decide.hpp"

#include <catch2/catch.hpp>

using namespace sekisho;
using policy::Action;

namespace {

const auto author = mail::Domain::parse("bank.example");

findings::Findings without_answer() {
  findings::Findings findings;
  findings.author.status = mail::AuthorStatus::single_domain;
  findings.author.domains = {*author};
  dmarc::Result dmarc;
  dmarc.code = dmarc::ResultCode::temperror;
  dmarc.author_domain = author;
  findings.dmarc = dmarc;
  return findings;
}

findings::Findings with_record(dmarc::Policy policy) {
  findings::Findings findings = without_answer();
  findings.dmarc->record.emplace();
  findings.dmarc->record_domain = author;
  findings.dmarc->policy = policy;
  return findings;
}

Action action_for(const findings::Findings& findings, const policy::Options& options = {},
                  policy::IndirectSign indirect = {}) {
  return policy::decide(findings, {indirect, {}, ""}, options).action;
}

}  // namespace

TEST_CASE("a message is turned away while it may have to be refused", "[policy]") {
  const policy::Disposition decided = policy::decide(without_answer(), {}, {});
  CHECK(decided.action == Action::tempfail);
  CHECK(decided.reply.code == "451");
  CHECK(decided.reply.enhanced == "4.4.3");
  CHECK(decided.reply.text.contains("bank.example"));
  CHECK(decided.reason ==
        "policy.on_temperror = tempfail, policy.on_reject = reject_direct: no answer of the DNS "
        "tells whether DMARC fails for bank.example");
  CHECK(action_for(with_record(dmarc::Policy::reject)) == Action::tempfail);
}

TEST_CASE("it is accepted where it would not be refused anyway", "[policy]") {
  CHECK(action_for(with_record(dmarc::Policy::none)) == Action::accept);
  CHECK(action_for(with_record(dmarc::Policy::quarantine)) == Action::accept);
  CHECK(action_for(without_answer(), {.on_reject = policy::OnReject::mark}) == Action::accept);
  CHECK(action_for(without_answer(), {.on_reject = policy::OnReject::quarantine,
                                      .on_quarantine = policy::Measure::hold}) == Action::accept);
  CHECK(action_for(without_answer(), {}, policy::IndirectSign::list_id) == Action::accept);
  CHECK(action_for(without_answer(), {.on_temperror = policy::OnTempError::accept}) ==
        Action::accept);
}

TEST_CASE("policies that apply to another existence count, too", "[policy]") {
  findings::Findings findings = with_record(dmarc::Policy::none);
  findings.dmarc->record_domain = mail::Domain::parse("example");
  findings.dmarc->record->nonexistent_policy = dmarc::Policy::reject;
  CHECK(action_for(findings) == Action::tempfail);
  findings.dmarc->record->testing = true;
  CHECK(action_for(findings) == Action::accept);
}

TEST_CASE("a pass for the author's own domain makes the client known", "[policy]") {
  findings::Findings findings = without_answer();
  spf::Result spf;
  spf.code = spf::ResultCode::pass;
  SECTION("SPF") {
    spf.domain = "bank.example";
    findings.spf_mail_from = spf;
    CHECK(action_for(findings) == Action::accept);
  }
  SECTION("SPF for another domain") {
    spf.domain = "mail.bank.example";  // aligned or not: that is what nobody knows
    findings.spf_mail_from = spf;
    CHECK(action_for(findings) == Action::tempfail);
  }
  SECTION("DKIM") {
    dkim::Result signature;
    signature.code = dkim::ResultCode::pass;
    signature.domain = author;
    findings.dkim = {signature};
    CHECK(action_for(findings) == Action::accept);
    findings.dkim.front().code = dkim::ResultCode::temperror;
    CHECK(action_for(findings) == Action::tempfail);
  }
}

TEST_CASE("a pass that is likely to be aligned makes the client known, too", "[policy]") {
  findings::Findings findings = without_answer();
  findings.dmarc->likely_pass = true;
  CHECK(action_for(findings) == Action::accept);
}

TEST_CASE("neither mail of ours nor a fault of ours is turned away", "[policy]") {
  findings::Findings ours = without_answer();
  ours.origin = findings::Origin::internal;
  CHECK(action_for(ours) == Action::accept);
  findings::Findings faulty = without_answer();
  faulty.faults = {"spf: out of order"};
  CHECK(action_for(faulty) == Action::accept);
}
