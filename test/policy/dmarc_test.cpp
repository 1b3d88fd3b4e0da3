// What the result of DMARC and the options make of a message.
#include "policy/dmarc.hpp"

#include "policy/findings_sample.hpp"

#include <string>

#include <catch2/catch.hpp>

using namespace sekisho;
using namespace sekisho::policy;

TEST_CASE("what is done to a message that fails DMARC", "[policy]") {
  struct Case {
    dmarc::Policy policy;
    OnReject on_reject;
    Measure on_quarantine;
    IndirectSign indirect;
    Action action;
    std::string decided;
  };
  using enum dmarc::Policy;
  const Case cases[] = {
      // RFC 9989 §7.4: never solely for p=reject
      {reject,
       OnReject::reject_direct,
       Measure::mark,
       {},
       Action::reject,
       "policy.on_reject = reject_direct: "},
      {reject, OnReject::reject_direct, Measure::mark, IndirectSign::list_id, Action::accept,
       "policy.on_reject = reject_direct, sign of an indirect flow: List-Id, "
       "policy.on_quarantine = mark: "},
      {reject, OnReject::reject_direct, Measure::hold, IndirectSign::list_id, Action::quarantine,
       "policy.on_reject = reject_direct, sign of an indirect flow: List-Id, "
       "policy.on_quarantine = hold: "},
      {reject, OnReject::reject_direct, Measure::reject, IndirectSign::list_id, Action::reject,
       "policy.on_reject = reject_direct, sign of an indirect flow: List-Id, "
       "policy.on_quarantine = reject: "},
      {reject, OnReject::reject, Measure::mark, {}, Action::reject, "policy.on_reject = reject: "},
      {reject, OnReject::reject, Measure::mark, IndirectSign::arc_chain, Action::reject,
       "policy.on_reject = reject: "},
      {reject, OnReject::mark, Measure::reject, {}, Action::accept, "policy.on_reject = mark: "},
      {reject,
       OnReject::quarantine,
       Measure::mark,
       {},
       Action::accept,
       "policy.on_reject = quarantine, policy.on_quarantine = mark: "},
      {reject,
       OnReject::quarantine,
       Measure::hold,
       {},
       Action::quarantine,
       "policy.on_reject = quarantine, policy.on_quarantine = hold: "},
      {quarantine,
       OnReject::reject,
       Measure::mark,
       {},
       Action::accept,
       "policy.on_quarantine = mark: "},
      {quarantine,
       OnReject::reject,
       Measure::hold,
       {},
       Action::quarantine,
       "policy.on_quarantine = hold: "},
      {quarantine,
       OnReject::mark,
       Measure::reject,
       {},
       Action::reject,
       "policy.on_quarantine = reject: "},
  };
  for (std::size_t i = 0; i < std::size(cases); ++i) {
    const Case& c = cases[i];
    DYNAMIC_SECTION(i << ": " << c.decided) {
      policy::Options options;
      options.on_reject = c.on_reject;
      options.on_quarantine = c.on_quarantine;
      const policy::Disposition decided = policy::decide(
          with_dmarc(dmarc::ResultCode::fail, c.policy), {c.indirect, {}, ""}, options);
      const std::string policy = c.policy == reject ? "reject" : "quarantine";
      CHECK(decided.action == c.action);
      CHECK(decided.reason == c.decided + "DMARC failed for example.com under policy " + policy);
      CHECK(may_be_sent(decided.reply));
      CHECK(decided.reply.code == (c.action == Action::reject ? "550" : ""));
      CHECK(decided.reply.enhanced == (c.action == Action::reject ? "5.7.26" : ""));
    }
  }
}

TEST_CASE(
    "only a failure that is not treated as its policy asks has a reason for it "
    "(RFC 9990 appendix A)",
    "[policy]") {
  struct Case {
    OnReject on_reject;
    Measure on_quarantine;
    IndirectSign sign;
    std::optional<dmarc::OverrideType> type;
  };
  using Type = dmarc::OverrideType;
  using enum policy::IndirectSign;
  const Case cases[] = {
      {OnReject::quarantine, Measure::reject, none, std::nullopt},
      {OnReject::quarantine, Measure::hold, none, Type::local_policy},
      {OnReject::quarantine, Measure::mark, none, Type::local_policy},
      {OnReject::mark, Measure::reject, none, Type::local_policy},
      {OnReject::reject_direct, Measure::mark, none, std::nullopt},
      {OnReject::reject_direct, Measure::mark, list_id, Type::mailing_list},
      {OnReject::reject_direct, Measure::mark, precedence, Type::mailing_list},
      {OnReject::reject_direct, Measure::mark, rewritten_sender, Type::local_policy},
      {OnReject::reject_direct, Measure::reject, list_id, std::nullopt},
      {OnReject::reject, Measure::mark, list_id, std::nullopt},
  };
  for (std::size_t i = 0; i < std::size(cases); ++i) {
    DYNAMIC_SECTION(i) {
      policy::Options options;
      options.on_reject = cases[i].on_reject;
      options.on_quarantine = cases[i].on_quarantine;
      const auto decided =
          policy::decide(with_dmarc(dmarc::ResultCode::fail, dmarc::Policy::reject),
                         {cases[i].sign, {}, ""}, options);
      CHECK((decided.overrides.dmarc.transform(
                 [](const findings::Override& each) { return each.type; }) == cases[i].type));
    }
  }
}

TEST_CASE("an override is a reason to accept, but not a bad author (RFC 8617 §7.2.1)", "[policy]") {
  policy::Options options;
  options.on_reject = OnReject::reject;
  options.on_quarantine = Measure::reject;
  for (const dmarc::Policy policy : {dmarc::Policy::quarantine, dmarc::Policy::reject}) {
    findings::Findings findings = with_dmarc(dmarc::ResultCode::fail, policy);
    findings.arc.status = arc::ChainStatus::pass;
    findings.arc.sealers = {{mail::Domain::parse("a.example").value(), "s1"}};
    findings.arc_assessment.assertions = {{"dmarc", "pass", findings.dmarc->author_domain}};
    options.trusted_sealers = {findings.arc.sealers.front().domain};
    const auto decided = policy::decide(findings, {}, options);
    CHECK(decided.action == Action::accept);
    CHECK(decided.reason ==
          "local_policy, arc=pass as[1].d=a.example as[1].s=s1: DMARC failed for example.com under "
          "policy " +
              std::string(dmarc::format_policy(policy)));
    CHECK(decided.path.back().section == "RFC 8617 §7.2.1");
    CHECK(decided.overrides.dmarc.value().type == dmarc::OverrideType::local_policy);
    findings.author.status = mail::AuthorStatus::multiple_from;
    CHECK(policy::decide(findings, {}, options).action == Action::reject);
  }
}

TEST_CASE("p=none changes nothing, however strict the options (RFC 9989 §5.4)", "[policy]") {
  policy::Options options;
  options.on_reject = OnReject::reject;
  options.on_quarantine = Measure::reject;
  CHECK(policy::decide(with_dmarc(dmarc::ResultCode::fail, dmarc::Policy::none), {}, options) ==
        policy::Disposition{});
}

TEST_CASE("what neither passes nor fails is accepted", "[policy]") {
  using enum dmarc::ResultCode;
  for (const dmarc::ResultCode code : {none, pass, permerror}) {
    CAPTURE(dmarc::format_result_code(code));
    CHECK(policy::decide(with_dmarc(code, dmarc::Policy::reject), {}, {}) == policy::Disposition{});
  }
}
