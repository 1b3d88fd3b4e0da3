#include "policy/decide.hpp"

#include <algorithm>
#include <string>

#include <catch2/catch.hpp>

using namespace sekisho;
using policy::Action;
using policy::IndirectSign;
using policy::Measure;
using policy::OnBadAuthor;
using policy::OnReject;

namespace {

const policy::Signs list_signs{IndirectSign::list_id, {}, "list.example.org"};

findings::Findings from(mail::AuthorStatus status, mail::FromFault fault = mail::FromFault::none) {
  findings::Findings findings;
  findings.author.status = status;
  findings.author.fault = fault;
  return findings;
}

findings::Findings with_dmarc(dmarc::ResultCode code, dmarc::Policy policy,
                              const std::string& author = "example.com") {
  findings::Findings findings = from(mail::AuthorStatus::single_domain);
  dmarc::Result dmarc;
  dmarc.code = code;
  dmarc.author_domain = mail::Domain::parse(author);
  dmarc.policy = policy;
  findings.dmarc = dmarc;
  return findings;
}

bool may_be_sent(const policy::Reply& reply) {
  const std::string line = reply.code + " " + reply.enhanced + " " + reply.text;
  return line.size() <= 200 &&
         std::ranges::all_of(line, [](char c) { return c >= ' ' && c < '\x7f' && c != '%'; });
}

}  // namespace

TEST_CASE("without findings a message is accepted", "[policy]") {
  CHECK(policy::decide(from(mail::AuthorStatus::single_domain), {}, {}) == policy::Disposition{});
}

TEST_CASE("more fields in our name than the limit are a refusal, whatever a rule says",
          "[policy]") {
  findings::Findings findings = from(mail::AuthorStatus::single_domain);
  findings.author.domains = {mail::Domain::parse("example.com").value()};
  policy::Options options;
  options.max_forged_fields = 3;
  findings.forged_fields = 3;
  CHECK(policy::decide(findings, {}, options).action == Action::accept);
  findings.forged_fields = 4;
  policy::Rule everybody;
  everybody.action = Action::accept;
  for (const std::size_t rules : {0U, 1U}) {
    options.rules.assign(rules, everybody);
    const policy::Disposition disposition = policy::decide(findings, {}, options);
    CHECK(disposition.action == Action::reject);
    CHECK(disposition.reply.text ==
          "Message has more than 3 header fields that only this host may add");
    CHECK(disposition.reason.contains("policy.max_forged_fields = 3: 4 header fields"));
  }
  options.dry_run = true;
  CHECK(policy::decide(findings, {}, options).action == Action::accept);
}

TEST_CASE("an author who is not one domain is refused unless allowed (RFC 9989 §11.5)",
          "[policy]") {
  using enum mail::AuthorStatus;
  using mail::FromFault;
  struct Case {
    mail::AuthorStatus status;
    mail::FromFault fault;
    OnBadAuthor policy::Options::* option;
    std::string text;
  };
  const Case cases[] = {
      {no_from, FromFault::no_field, &policy::Options::no_from, "is missing"},
      {no_author, FromFault::no_author, &policy::Options::no_from, "names no author"},
      {multiple_from, FromFault::several_fields, &policy::Options::multiple_from,
       "occurs more than once"},
      {multiple_domains, FromFault::several_domains, &policy::Options::multiple_authors,
       "has authors of more than one domain"},
      {unparsable, FromFault::several_at_signs, &policy::Options::unparsable_from,
       "has an at sign (@) outside of its address"},
      {unparsable, FromFault::no_domain, &policy::Options::unparsable_from,
       "has no address with a domain"},
      {unusable_domain, FromFault::invalid_domain, &policy::Options::unparsable_from,
       "has an address without a valid domain"},
      {mailer_daemon, FromFault::no_domain, &policy::Options::unparsable_from,
       "has no address with a domain"},
      {header_too_large, FromFault::header_too_large, &policy::Options::unparsable_from,
       "is not certain, since the header section is too large"},
  };
  for (const auto& [status, fault, option, text] : cases) {
    DYNAMIC_SECTION(format_author_status(status) << " " << text) {
      findings::Findings findings = from(status, fault);
      findings.envelope.sender = "a@example.org";
      const policy::Disposition refused = policy::decide(findings, list_signs, {});
      CHECK(refused.action == Action::reject);
      CHECK(refused.reply ==
            policy::Reply{"550", "5.7.1", "From header field " + text + " (RFC 5322 section 3.6)"});
      CHECK(refused.reason.ends_with(" = reject: From header field " + text));
      CHECK(may_be_sent(refused.reply));

      policy::Options options;
      options.*option = OnBadAuthor::accept;
      CHECK(policy::decide(findings, {}, options) == policy::Disposition{});
    }
  }
}

TEST_CASE("mail of ours is refused only for an author who may be hidden", "[policy]") {
  using enum mail::AuthorStatus;
  using mail::FromFault;
  struct Case {
    mail::AuthorStatus status;
    mail::FromFault fault;
    bool refused_of_users;
  };
  const Case cases[] = {
      {no_from, FromFault::no_field, false},
      {no_author, FromFault::no_author, false},
      {mailer_daemon, FromFault::no_domain, false},
      {unparsable, FromFault::no_domain, false},
      {unusable_domain, FromFault::address_literal, false},
      {unusable_domain, FromFault::invalid_domain, true},
      {unparsable, FromFault::several_at_signs, true},
      {unparsable, FromFault::encoded_address, true},
      {unparsable, FromFault::control_character, true},
      {unparsable, FromFault::malformed_address, true},
      {multiple_from, FromFault::several_fields, true},
      {multiple_domains, FromFault::several_domains, true},
      {header_too_large, FromFault::header_too_large, true},
  };
  using enum findings::Origin;
  for (const auto& [status, fault, refused_of_users] : cases) {
    DYNAMIC_SECTION(mail::describe_from_fault(fault) << format_author_status(status)) {
      findings::Findings findings = from(status, fault);
      findings.envelope.sender = "a@example.org";
      findings.origin = internal;
      const policy::Disposition of_host = policy::decide(findings, {}, {});
      CHECK(of_host.action == Action::accept);
      CHECK(of_host.reason.empty());
      CHECK(of_host.path.size() == 1);
      for (const findings::Origin origin : {authenticated, daemon}) {
        findings.origin = origin;
        CHECK(policy::decide(findings, {}, {}).action ==
              (refused_of_users ? Action::reject : Action::accept));
      }
      findings.origin = outside;
      CHECK(policy::decide(findings, {}, {}).action == Action::reject);
    }
  }
}

TEST_CASE("a delivery report needs no author domain", "[policy]") {
  findings::Findings report = from(mail::AuthorStatus::mailer_daemon, mail::FromFault::no_domain);
  const policy::Disposition accepted = policy::decide(report, {}, {});
  CHECK(accepted.action == Action::accept);
  REQUIRE(accepted.path.size() == 1);
  CHECK(accepted.path.front().decided == "a delivery report");
  report.envelope.sender = "a@example.org";
  CHECK(policy::decide(report, {}, {}).action == Action::reject);
  // Any other field without a domain is none of a delivery report.
  CHECK(policy::decide(from(mail::AuthorStatus::unparsable, mail::FromFault::no_domain), {}, {})
            .action == Action::reject);
}

TEST_CASE("of a display part that does not parse, DMARC decides", "[policy]") {
  for (const auto& [code, action] : {std::pair{dmarc::ResultCode::pass, Action::accept},
                                     std::pair{dmarc::ResultCode::none, Action::accept},
                                     std::pair{dmarc::ResultCode::fail, Action::reject}}) {
    findings::Findings findings = with_dmarc(code, dmarc::Policy::reject);
    findings.author.fault = mail::FromFault::comma;
    const policy::Disposition decided = policy::decide(findings, {}, {});
    CHECK(decided.action == action);
    REQUIRE(!decided.path.empty());
    CHECK(decided.path.front() ==
          policy::Step{"unparsable display, the address is the only one",
                       "From header field has a comma in a name without quotation marks",
                       "RFC 5322 §3.4"});
    CHECK(decided.reason.empty() == (action == Action::accept));
    CHECK(decided.reply.enhanced == (action == Action::accept ? "" : "5.7.26"));
  }
}

TEST_CASE("several authors in one domain are refused of our users alone (RFC 5322 §3.6.2)",
          "[policy]") {
  struct Case {
    findings::Origin origin;
    Action action;
  };
  const Case cases[] = {{findings::Origin::outside, Action::accept},
                        {findings::Origin::internal, Action::accept},
                        {findings::Origin::authenticated, Action::reject},
                        {findings::Origin::daemon, Action::reject}};
  for (const auto& [origin, action] : cases) {
    DYNAMIC_SECTION(format_origin(origin)) {
      findings::Findings findings;
      findings.origin = origin;
      findings.author.status = mail::AuthorStatus::single_domain;
      const auto domain = mail::Domain::parse("example.com");
      findings.author.mailboxes = {{"a", "example.com", domain}, {"b", "example.com", domain}};
      CHECK(policy::decide(findings, {}, {}).action == action);

      policy::Options options;
      options.multiple_authors = OnBadAuthor::accept;
      CHECK(policy::decide(findings, {}, options).action == Action::accept);
    }
  }
}

TEST_CASE("a bad author comes before DMARC", "[policy]") {
  findings::Findings findings = with_dmarc(dmarc::ResultCode::fail, dmarc::Policy::reject);
  findings.author.status = mail::AuthorStatus::multiple_from;
  CHECK(policy::decide(findings, {}, {}).reply.enhanced == "5.7.1");
}

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

TEST_CASE("the reply of a DMARC failure names the author domain in A-labels", "[policy]") {
  const auto decided = policy::decide(
      with_dmarc(dmarc::ResultCode::fail, dmarc::Policy::reject, "b\u00fccher.example"), {}, {});
  CHECK(decided.reply ==
        policy::Reply{"550", "5.7.26",
                      "DMARC failed for the author domain xn--bcher-kva.example (policy reject): "
                      "neither SPF nor DKIM passes in alignment"});
}

TEST_CASE("a reply fits a line however long the domain is", "[policy]") {
  std::string longest(60, 'a');
  while (longest.size() < 190) {
    longest += "." + std::string(60, 'b');
  }
  for (const dmarc::Policy policy : {dmarc::Policy::quarantine, dmarc::Policy::reject}) {
    policy::Options options;
    options.on_quarantine = Measure::reject;
    const auto decided =
        policy::decide(with_dmarc(dmarc::ResultCode::fail, policy, longest), {}, options);
    CHECK(may_be_sent(decided.reply));
    CHECK(decided.reply.text.contains("bbb (policy"));
  }
}

TEST_CASE("actions have their words", "[policy]") {
  CHECK(policy::format_action(Action::accept) == "accept");
  CHECK(policy::format_action(Action::reject) == "reject");
  CHECK(policy::format_action(Action::tempfail) == "tempfail");
  CHECK(policy::format_action(Action::quarantine) == "quarantine");
  CHECK(policy::format_action(Action::discard) == "discard");
}
