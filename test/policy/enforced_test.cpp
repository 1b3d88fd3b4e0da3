// What of the author's policy was acted upon: what DMARC reports call the disposition.
#include "policy/decide.hpp"

#include <catch2/catch.hpp>

using namespace sekisho;
using dmarc::Policy;
using policy::Action;
using policy::Measure;
using policy::OnReject;

namespace {

findings::Findings with_dmarc(dmarc::ResultCode code, Policy policy) {
  findings::Findings findings;
  findings.author.status = mail::AuthorStatus::single_domain;
  findings.author.domains = {*mail::Domain::parse("example.com")};
  dmarc::Result dmarc;
  dmarc.code = code;
  dmarc.author_domain = mail::Domain::parse("example.com");
  dmarc.policy = policy;
  findings.dmarc = dmarc;
  return findings;
}

Policy enforced(const findings::Findings& findings, const policy::Options& options,
                const policy::Signs& signs = {}) {
  return policy::decide(findings, signs, options).enforced;
}

}  // namespace

TEST_CASE("a failure is treated as the options say (RFC 9989 §7.4)", "[policy]") {
  struct Case {
    const char* name;
    Policy policy;
    OnReject on_reject;
    Measure on_quarantine;
    policy::IndirectSign sign;
    Policy expected;
  };
  const Case cases[] = {
      {"none", Policy::none, OnReject::reject, Measure::reject, {}, Policy::none},
      {"marked", Policy::quarantine, OnReject::reject, Measure::mark, {}, Policy::quarantine},
      {"held", Policy::quarantine, OnReject::reject, Measure::hold, {}, Policy::quarantine},
      {"refused early", Policy::quarantine, OnReject::mark, Measure::reject, {}, Policy::reject},
      {"only marked", Policy::reject, OnReject::mark, Measure::mark, {}, Policy::none},
      {"as quarantine",
       Policy::reject,
       OnReject::quarantine,
       Measure::mark,
       {},
       Policy::quarantine},
      {"direct", Policy::reject, OnReject::reject_direct, Measure::mark, {}, Policy::reject},
      {"indirect", Policy::reject, OnReject::reject_direct, Measure::mark,
       policy::IndirectSign::list_id, Policy::quarantine},
      {"refused", Policy::reject, OnReject::reject, Measure::mark, policy::IndirectSign::list_id,
       Policy::reject},
  };
  for (const Case& each : cases) {
    DYNAMIC_SECTION(each.name) {
      policy::Options options;
      options.on_reject = each.on_reject;
      options.on_quarantine = each.on_quarantine;
      CHECK(enforced(with_dmarc(dmarc::ResultCode::fail, each.policy), options,
                     {each.sign, {}, ""}) == each.expected);
      CHECK(enforced(with_dmarc(dmarc::ResultCode::pass, each.policy), options) == Policy::none);
      // A dry run marks as ever, and keeps everything else from being done.
      options.dry_run = true;
      const auto dry = policy::decide(with_dmarc(dmarc::ResultCode::fail, each.policy),
                                      {each.sign, {}, ""}, options);
      CHECK(dry.enforced == (dry.withheld ? Policy::none : each.expected));
    }
  }
}

TEST_CASE("what a rule does to a failure counts", "[policy]") {
  const std::pair<Action, Policy> cases[] = {{Action::accept, Policy::none},
                                             {Action::quarantine, Policy::quarantine},
                                             {Action::tempfail, Policy::none},
                                             {Action::reject, Policy::reject},
                                             {Action::discard, Policy::reject}};
  for (const auto& [action, expected] : cases) {
    DYNAMIC_SECTION(policy::format_action(action)) {
      policy::Options options;
      options.rules.emplace_back().action = action;
      CHECK(enforced(with_dmarc(dmarc::ResultCode::fail, Policy::reject), options) == expected);
      CHECK(enforced(with_dmarc(dmarc::ResultCode::fail, Policy::none), options) == Policy::none);
    }
  }
}

TEST_CASE("what is done to a message for another reason is not DMARC's", "[policy]") {
  findings::Findings findings = with_dmarc(dmarc::ResultCode::fail, Policy::none);
  findings.author.status = mail::AuthorStatus::multiple_from;
  const policy::Disposition disposition = policy::decide(findings, {}, {});
  CHECK(disposition.action == Action::reject);
  CHECK(disposition.enforced == Policy::none);
}
