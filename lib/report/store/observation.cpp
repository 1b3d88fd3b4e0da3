#include "report/store/observation.hpp"

#include "mail/address.hpp"
#include "report/format/printable.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>

namespace sekisho::report::store {

namespace {

// A report is no place for essays, and every wording makes a record of its own.
constexpr std::size_t max_comment = 200;
// RFC 1035 §2.3.4, and room for what a URI adds.
constexpr std::size_t max_name = 255;
constexpr std::size_t max_address = 2'000;

format::PolicyPublished policy_of(const dmarc::Result& dmarc) {
  const dmarc::Record& record = *dmarc.record;
  const bool is_treewalk = dmarc.discovery == dmarc::DiscoveryMethod::treewalk;
  format::PolicyPublished policy;
  policy.domain = dmarc.record_domain->text();
  policy.discovery_method = dmarc.discovery;
  // RFC 9990 §3.1.1.5: what the record does not specify has its default value.
  policy.policy = record.policy;
  policy.subdomain_policy = record.subdomain_policy.value_or(record.policy);
  if (is_treewalk) {
    policy.nonexistent_policy = record.nonexistent_policy.value_or(*policy.subdomain_policy);
    policy.testing = record.testing;
  } else {
    policy.percent = record.percent;
  }
  policy.dkim_alignment = record.dkim_alignment;
  policy.spf_alignment = record.spf_alignment;
  policy.failure_options = format::printable(record.failure_options, max_name);
  policy.errors = record.errors;
  return policy;
}

/// RFC 9990 §3.1.3: the lower, the sooner it is told.
int preference(const dkim::Result& signature, const dmarc::Result& dmarc) {
  if (signature.code != dkim::ResultCode::pass) {
    return 3;
  }
  if (signature.domain == dmarc.author_domain) {
    return 0;
  }
  const bool is_related =
      dmarc.organizational_domain && signature.domain->is_within(*dmarc.organizational_domain);
  return is_related ? 1 : 2;
}

format::DkimAuthResult dkim_result(const dkim::Result& signature) {
  format::DkimAuthResult result;
  result.domain = signature.domain->text();
  result.selector = format::printable(signature.selector, max_name);
  result.result = format::parse_auth_result(dkim::format_result_code(signature.code)).value();
  if (signature.code != dkim::ResultCode::pass) {
    result.human_result = format::printable(signature.reason, max_comment);
  }
  return result;
}

/// Without a domain a signature cannot be told of (RFC 9990 §3.1.1.12).
std::vector<format::DkimAuthResult> dkim_results(const findings::Findings& findings) {
  std::vector<const dkim::Result*> signatures;
  for (const dkim::Result& signature : findings.dkim) {
    if (signature.domain) {
      signatures.push_back(&signature);
    }
  }
  std::ranges::stable_sort(signatures, {}, [&](const dkim::Result* signature) {
    return preference(*signature, *findings.dmarc);
  });
  signatures.resize(std::min(signatures.size(), format::max_record_results));
  std::vector<format::DkimAuthResult> results;
  results.reserve(signatures.size());
  for (const dkim::Result* signature : signatures) {
    results.push_back(dkim_result(*signature));
  }
  return results;
}

/// Of the identity that DMARC uses (RFC 9990 §3.1.1.13).
std::vector<format::SpfAuthResult> spf_results(const findings::Findings& findings) {
  const auto& spf = findings.spf_mail_from;
  if (!spf || spf->domain.empty()) {
    return {};
  }
  format::SpfAuthResult result;
  result.domain = format::printable(spf->domain, max_name);
  result.result = format::parse_auth_result(spf::format_result_code(spf->code)).value();
  if (spf->code == spf::ResultCode::permerror || spf->code == spf::ResultCode::temperror) {
    result.human_result = format::printable(spf->reason, max_comment);
  }
  return {result};
}

std::string domain_of_sender(const std::string& sender) {
  const auto mailbox = mail::parse_path(sender);
  if (!mailbox || !*mailbox) {
    return {};
  }
  return (*mailbox)->domain ? (*mailbox)->domain->text() : "";
}

format::ActionDisposition action_on(const dmarc::Result& dmarc, dmarc::Policy enforced) {
  switch (dmarc.code) {
    case dmarc::ResultCode::pass:
    case dmarc::ResultCode::fail:
      return format::disposition_of(dmarc.code == dmarc::ResultCode::pass, dmarc.policy, enforced);
    case dmarc::ResultCode::none:
    case dmarc::ResultCode::temperror:
    case dmarc::ResultCode::permerror:
      return format::ActionDisposition::none;
  }
  std::unreachable();
}

/// RFC 9990 §3.1.6.
std::vector<format::OverrideReason> reasons_of(const findings::Findings& findings,
                                               dmarc::Policy enforced,
                                               const std::optional<findings::Override>& override) {
  const dmarc::Result& dmarc = *findings.dmarc;
  if (dmarc.code == dmarc::ResultCode::pass) {
    return {};
  }
  std::vector<format::OverrideReason> reasons;
  if (dmarc.code != dmarc::ResultCode::fail) {
    reasons.push_back({format::OverrideType::other, format::printable(dmarc.reason, max_comment)});
    return reasons;
  }
  if (dmarc.policy != dmarc.published_policy) {
    reasons.push_back({dmarc.sampled_out ? format::OverrideType::sampled_out
                                         : format::OverrideType::policy_test_mode,
                       ""});
  }
  if (override) {
    reasons.push_back({override->type, format::printable(override->comment, max_comment)});
  } else if (enforced != dmarc.policy) {
    reasons.push_back({format::OverrideType::local_policy, ""});
  }
  return reasons;
}

std::vector<std::string> addresses_of(const dmarc::Record& record) {
  std::vector<std::string> addresses;
  for (const std::string& uri : record.aggregate_uris) {
    addresses.push_back(format::printable(uri, max_address));
  }
  return addresses;
}

bool is_reported(const findings::Findings& findings) {
  const auto& dmarc = findings.dmarc;
  return findings.origin == findings::Origin::outside && findings.client.address && dmarc &&
         dmarc->code != dmarc::ResultCode::none && dmarc->author_domain && dmarc->record_domain &&
         dmarc->record && dmarc->record->usable && !dmarc->record->aggregate_uris.empty();
}

}  // namespace

std::optional<Observation> observe(const findings::Findings& findings, dmarc::Policy enforced,
                                   const std::optional<findings::Override>& override,
                                   std::chrono::system_clock::time_point now) {
  if (!is_reported(findings)) {
    return std::nullopt;
  }
  const dmarc::Result& dmarc = *findings.dmarc;
  Observation observation;
  observation.seen = std::chrono::floor<std::chrono::seconds>(now);
  observation.policy = policy_of(dmarc);
  observation.addresses = addresses_of(*dmarc.record);
  format::AggregateRecord& record = observation.record;
  record.source = *findings.client.address;
  record.count = 1;
  record.disposition = action_on(dmarc, enforced);
  record.dkim_aligned = dmarc.dkim_aligned;
  record.spf_aligned = dmarc.spf_aligned;
  record.reasons = reasons_of(findings, enforced, override);
  record.header_from = dmarc.author_domain->text();
  record.envelope_from = domain_of_sender(findings.envelope.sender);
  record.dkim = dkim_results(findings);
  record.spf = spf_results(findings);
  return observation;
}

}  // namespace sekisho::report::store
