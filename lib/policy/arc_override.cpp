#include "policy/arc_override.hpp"

#include "mail/domain.hpp"

#include <algorithm>
#include <cstddef>

namespace sekisho::policy {

namespace {

using findings::Assertion;

bool is_aligned(const mail::Domain& domain, dmarc::AlignmentMode mode, const dmarc::Result& dmarc) {
  if (domain == dmarc.author_domain) {
    return true;
  }
  return mode == dmarc::AlignmentMode::relaxed && dmarc.organizational_domain &&
         dmarc.author_domain->is_within(domain) && domain.is_within(*dmarc.organizational_domain);
}

bool passed_aligned(const Assertion& assertion, const dmarc::Result& dmarc) {
  if (assertion.result != "pass" || !assertion.domain || !dmarc.record) {
    return false;
  }
  if (assertion.method == "spf") {
    return is_aligned(*assertion.domain, dmarc.record->spf_alignment, dmarc);
  }
  return assertion.method == "dkim" &&
         is_aligned(*assertion.domain, dmarc.record->dkim_alignment, dmarc);
}

// Whether DMARC's result speaks against the message, or of another author.
bool contradicts(const Assertion& assertion, const dmarc::Result& dmarc) {
  if (assertion.method != "dmarc") {
    return false;
  }
  const bool is_good = assertion.result == "pass" || assertion.result == "none";
  return !is_good || (assertion.domain && assertion.domain != dmarc.author_domain);
}

bool says_authentic(const findings::Assessment& assessment, const dmarc::Result& dmarc) {
  const auto& assertions = assessment.assertions;
  if (std::ranges::any_of(assertions, [&](const auto& each) { return contradicts(each, dmarc); })) {
    return false;
  }
  return std::ranges::any_of(assertions, [&](const Assertion& each) {
    return (each.method == "dmarc" && each.result == "pass") || passed_aligned(each, dmarc);
  });
}

// " as[2].d=b.example as[1].d=a.example"
template <typename Text>
std::string list_seals(const std::vector<arc::SealIdentity>& sealers, const char* tag,
                       Text text_of) {
  std::string list;
  for (std::size_t instance = sealers.size(); instance > 0; --instance) {
    list += " as[" + std::to_string(instance) + "]." + tag + "=" + text_of(sealers[instance - 1]);
  }
  return list;
}

std::string comment_on(const findings::Findings& findings) {
  const std::vector<arc::SealIdentity>& sealers = findings.arc.sealers;
  std::string comment = "arc=pass";
  comment +=
      list_seals(sealers, "d", [](const arc::SealIdentity& each) { return each.domain.text(); });
  comment += list_seals(sealers, "s", [](const arc::SealIdentity& each) { return each.selector; });
  if (const auto& client = findings.arc_assessment.client) {
    comment += " remote-ip[1]=" + client->text();
  }
  return comment;
}

bool is_overridable(const findings::Findings& findings) {
  return findings.arc.status == arc::ChainStatus::pass && !findings.arc.sealers.empty() &&
         findings.dmarc && findings.dmarc->code == dmarc::ResultCode::fail &&
         findings.dmarc->policy != dmarc::Policy::none && findings.dmarc->author_domain;
}

}  // namespace

std::optional<findings::Override> find_arc_override(
    const findings::Findings& findings, const std::vector<mail::Domain>& trusted_sealers) {
  if (!is_overridable(findings)) {
    return std::nullopt;
  }
  const bool all_trusted =
      std::ranges::all_of(findings.arc.sealers, [&](const arc::SealIdentity& each) {
        return std::ranges::find(trusted_sealers, each.domain) != trusted_sealers.end();
      });
  if (!all_trusted || !says_authentic(findings.arc_assessment, *findings.dmarc)) {
    return std::nullopt;
  }
  return findings::Override{dmarc::OverrideType::local_policy, comment_on(findings)};
}

}  // namespace sekisho::policy
