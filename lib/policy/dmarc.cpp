#include "policy/dmarc.hpp"

#include "dmarc/record.hpp"
#include "policy/arc_override.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace sekisho::policy {

namespace {

struct Failure {
  std::string domain;
  std::string_view policy;  ///< The one that applies, as a word.
};

Step step_of(std::string decided, const Failure& failure, std::string section) {
  return {std::move(decided),
          "DMARC failed for " + failure.domain + " under policy " + std::string(failure.policy),
          std::move(section)};
}

// RFC 7372 §3.4: DMARC fails when several checks did.
Refusal refusal_of(const Failure& failure) {
  return {"550", "5.7.26",
          "DMARC failed for the author domain " + failure.domain + " (policy " +
              std::string(failure.policy) + "): neither SPF nor DKIM passes in alignment",
          failure.domain};
}

Judgement on_quarantine(const std::string& decided, const Failure& failure, Measure measure) {
  Judgement judgement = take(measure, "policy.on_quarantine",
                             step_of(decided, failure, "RFC 9989 §7.4"), refusal_of(failure));
  judgement.enforced =
      judgement.action == Action::reject ? dmarc::Policy::reject : dmarc::Policy::quarantine;
  return judgement;
}

Judgement refused(std::string decided, const Failure& failure, std::string section) {
  Judgement judgement{Action::reject,
                      step_of(std::move(decided), failure, std::move(section)),
                      refusal_of(failure),
                      {}};
  judgement.enforced = dmarc::Policy::reject;
  return judgement;
}

// RFC 9990 appendix A: a failure that is not treated as its policy asks has a reason.
Judgement lowered(Judgement judgement, dmarc::OverrideType type, std::string comment) {
  if (judgement.action != Action::reject) {
    judgement.overrides.dmarc = {type, std::move(comment)};
  }
  return judgement;
}

Judgement on_indirect(const Failure& failure, IndirectSign indirect, Measure measure) {
  const std::string sign =
      "sign of an indirect flow: " + std::string(format_indirect_sign(indirect));
  return lowered(
      on_quarantine("policy.on_reject = reject_direct, " + sign + ", ", failure, measure),
      is_list_sign(indirect) ? dmarc::OverrideType::mailing_list
                             : dmarc::OverrideType::local_policy,
      sign);
}

Judgement on_reject(const Failure& failure, IndirectSign indirect, const Options& options) {
  switch (options.on_reject) {
    case OnReject::mark:
      return lowered(
          {Action::accept, step_of("policy.on_reject = mark", failure, "RFC 9989 §7.4"), {}, {}},
          dmarc::OverrideType::local_policy, "policy.on_reject = mark");
    case OnReject::quarantine:
      return lowered(
          on_quarantine("policy.on_reject = quarantine, ", failure, options.on_quarantine),
          dmarc::OverrideType::local_policy, "policy.on_reject = quarantine");
    case OnReject::reject_direct:
      if (indirect != IndirectSign::none) {
        return on_indirect(failure, indirect, options.on_quarantine);
      }
      return refused("policy.on_reject = reject_direct", failure, "RFC 9989 §7.4, §8");
    case OnReject::reject:
      return refused("policy.on_reject = reject", failure, "RFC 9989 §5.3.6");
  }
  std::unreachable();
}

std::string domain_of(const dmarc::Result& dmarc) {
  return dmarc.author_domain ? shortened(dmarc.author_domain->text()) : "an unknown domain";
}

std::optional<Judgement> on_failure(const dmarc::Result& dmarc, dmarc::Policy policy,
                                    IndirectSign indirect, const Options& options) {
  const Failure failure{domain_of(dmarc), dmarc::format_policy(policy)};
  switch (policy) {
    case dmarc::Policy::none:  // changes nothing about a message: RFC 9989 §5.4, MUST NOT
      return std::nullopt;
    case dmarc::Policy::quarantine:
      return on_quarantine("", failure, options.on_quarantine);
    case dmarc::Policy::reject:
      return on_reject(failure, indirect, options);
  }
  std::unreachable();
}

/// The strictest policy that the missing answers may turn out to be.
dmarc::Policy strictest_possible(const dmarc::Result& dmarc) {
  if (!dmarc.record) {
    return dmarc::Policy::reject;
  }
  const bool is_subdomain = dmarc.author_domain != dmarc.record_domain;
  const bool may_be_nonexistent =
      is_subdomain && !dmarc.record->testing && dmarc.record->nonexistent_policy;
  return may_be_nonexistent ? std::max(dmarc.policy, *dmarc.record->nonexistent_policy)
                            : dmarc.policy;
}

bool passes_for_author(const findings::Findings& findings, const mail::Domain& author) {
  const auto& spf = findings.spf_mail_from;
  if (spf && spf->code == spf::ResultCode::pass && mail::Domain::parse(spf->domain) == author) {
    return true;
  }
  return std::ranges::any_of(findings.dkim, [&](const dkim::Result& signature) {
    return signature.code == dkim::ResultCode::pass && signature.domain == author;
  });
}

std::optional<Judgement> on_temperror(const findings::Findings& findings, IndirectSign indirect,
                                      const Options& options) {
  const dmarc::Result& dmarc = *findings.dmarc;
  if (options.on_temperror == OnTempError::accept || findings.origin != findings::Origin::outside ||
      !findings.faults.empty() || !dmarc.author_domain || dmarc.likely_pass ||
      passes_for_author(findings, *dmarc.author_domain)) {
    return std::nullopt;
  }
  const auto worst = on_failure(dmarc, strictest_possible(dmarc), indirect, options);
  if (!worst || worst->action != Action::reject) {
    return std::nullopt;
  }
  const std::string domain = domain_of(dmarc);
  return Judgement{
      Action::tempfail,
      {"policy.on_temperror = tempfail, " + worst->step.decided,
       "no answer of the DNS tells whether DMARC fails for " + domain, "RFC 9989 §5.3.6"},
      {"451", "4.4.3",  // RFC 3463 §3.5, as RFC 7208 §8.6 has it for SPF
       "DMARC cannot be checked for the author domain " + domain +
           " while the DNS gives no answer: try again later",
       domain},
      {}};
}

Judgement overridden(const dmarc::Result& dmarc, const findings::Override& override,
                     const char* section) {
  const Failure failure{domain_of(dmarc), dmarc::format_policy(dmarc.policy)};
  return {Action::accept,
          step_of(std::string(format_override_type(override.type)) + ", " + override.comment,
                  failure, section),
          {},
          {.dmarc = override, .spf = {}, .iprev = {}}};
}

}  // namespace

bool fails_dmarc(const findings::Findings& findings) {
  return findings.dmarc && findings.dmarc->code == dmarc::ResultCode::fail &&
         findings.dmarc->policy != dmarc::Policy::none;
}

std::optional<Judgement> judge_dmarc(const findings::Findings& findings, IndirectSign indirect,
                                     const Options& options) {
  if (!findings.dmarc) {
    return std::nullopt;
  }
  const dmarc::Result& dmarc = *findings.dmarc;
  switch (dmarc.code) {
    case dmarc::ResultCode::fail:
      if (const auto override = find_override(findings, options.trusted_sealers)) {
        const bool is_outside = findings.origin == findings::Origin::outside;
        return overridden(dmarc, *override, is_outside ? "RFC 8617 §7.2.1" : "");
      }
      return on_failure(dmarc, dmarc.policy, indirect, options);
    case dmarc::ResultCode::temperror:
      return on_temperror(findings, indirect, options);
    case dmarc::ResultCode::none:
    case dmarc::ResultCode::pass:
    case dmarc::ResultCode::permerror:
      return std::nullopt;
  }
  std::unreachable();
}

void soften_after_fault(findings::Findings& findings) {
  const bool without_spf = findings.origin == findings::Origin::outside &&
                           findings.client.address && !findings.spf_mail_from;
  if (findings.dmarc && findings.dmarc->code == dmarc::ResultCode::fail &&
      (without_spf || !findings.dkim_checked)) {
    dmarc::set_fault(dmarc::Fault::check_failed, "", *findings.dmarc);
  }
}

// Mail of our own networks is verified, but never refused for what its author's policy says. What
// began here is not what that policy is about; of what came from outside before, the host that sent
// it is not known, and SPF might have passed for it.
std::optional<findings::Override> find_override(const findings::Findings& findings,
                                                const std::vector<mail::Domain>& trusted_sealers) {
  if (!findings.dmarc || findings.dmarc->code != dmarc::ResultCode::fail) {
    return std::nullopt;
  }
  if (findings.origin != findings::Origin::outside) {
    return findings::Override{dmarc::OverrideType::local_policy,
                              "the client is in a network of ours"};
  }
  return find_arc_override(findings, trusted_sealers);
}

}  // namespace sekisho::policy
