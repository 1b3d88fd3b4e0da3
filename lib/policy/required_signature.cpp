#include "policy/required_signature.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace sekisho::policy {

namespace {

using dkim::ResultCode;

bool has(const std::vector<dkim::Result>& signatures, ResultCode code,
         const mail::Domain* signer = nullptr) {
  return std::ranges::any_of(signatures, [&](const dkim::Result& signature) {
    return signature.code == code &&
           (signer == nullptr || (signature.domain && signature.domain->is_within(*signer)));
  });
}

Refusal refusal_of(const findings::Findings& findings, const mail::Domain& required) {
  const std::string domain = shortened(findings.author.domains.front().text());
  if (has(findings.dkim, ResultCode::temperror, &required)) {
    return {"451", "4.7.20",
            "The DKIM signature for the author domain " + domain +
                " cannot be checked while the DNS gives no answer: try again later",
            domain};
  }
  if (has(findings.dkim, ResultCode::policy, &required)) {
    return {"550", "5.7.21",
            "No DKIM signature for the author domain " + domain + " is acceptable here", domain};
  }
  if (has(findings.dkim, ResultCode::pass)) {
    return {"550", "5.7.22", "No DKIM signature that passes matches the author domain " + domain,
            domain};
  }
  return {"550", "5.7.20", "No DKIM signature passes for the author domain " + domain, domain};
}

}  // namespace

std::optional<Judgement> judge_signatures(const findings::Findings& findings,
                                          const Options& options) {
  if (!findings.dkim_checked || findings::is_ours(findings.origin) ||
      findings.author.status != mail::AuthorStatus::single_domain) {
    return std::nullopt;
  }
  const mail::Domain& author = findings.author.domains.front();
  const auto required =
      std::ranges::find_if(options.require_signature_from,
                           [&](const mail::Domain& listed) { return author.is_within(listed); });
  if (required == options.require_signature_from.end() ||
      has(findings.dkim, ResultCode::pass, &*required)) {
    return std::nullopt;
  }
  Refusal refusal = refusal_of(findings, *required);
  return Judgement{refusal.code == "451" ? Action::tempfail : Action::reject,
                   {"policy.require_signature_from has " + shortened(required->text()),
                    "no signature of it passes for " + refusal.domain, "RFC 7372 §3.1"},
                   refusal,
                   {}};
}

}  // namespace sekisho::policy
