#include "report/failure/failure_selection.hpp"

#include "mail/ascii.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sekisho::report::failure {

namespace {

// The first word of a value, in lower case: what stands before blanks, comments and parameters.
std::string first_word(std::string_view value) {
  const std::string text = mail::unfold(value);
  const auto begin = text.find_first_not_of(" \t");
  if (begin == std::string::npos) {
    return {};
  }
  const auto end = text.find_first_of(" \t;(", begin);
  return mail::to_lower(std::string_view(text).substr(begin, end - begin));
}

bool is_from_a_machine(const mail::HeaderSection& header) {
  return std::ranges::any_of(header, [](const mail::HeaderField& field) {
    return (mail::is_named(field, "Auto-Submitted") && first_word(field.value) != "no") ||
           (mail::is_named(field, "Content-Type") && first_word(field.value) == "multipart/report");
  });
}

bool is_listed(const mail::Domain& author, const std::vector<mail::Domain>& domains) {
  return domains.empty() || std::ranges::any_of(domains, [&](const mail::Domain& domain) {
           return author.is_within(domain);
         });
}

bool may_be_reported(const EvaluatedMessage& message) {
  const findings::Findings& found = message.findings;
  return found.origin == findings::Origin::outside && message.action != policy::Action::tempfail &&
         !found.envelope.sender.empty() && found.dmarc && found.dmarc->author_domain &&
         !is_from_a_machine(message.header);
}

// RFC 9991 §2: "Report generators MUST NOT consider "ruf" tags in DMARC Policy Records having a
// "psd=y" tag".
bool asks_for_reports(const dmarc::Result& dmarc) {
  const bool is_decided =
      dmarc.code == dmarc::ResultCode::pass || dmarc.code == dmarc::ResultCode::fail;
  return is_decided && dmarc.record && dmarc.record_domain &&
         dmarc.record->psd != dmarc::PublicSuffixDomain::yes && !dmarc.record->failure_uris.empty();
}

// fo=0: all mechanisms; fo=1: any of them.
bool wants_dmarc(const dmarc::Result& dmarc, bool any) {
  if (any) {
    return !dmarc.dkim_aligned || !dmarc.spf_aligned;
  }
  return !dmarc.dkim_aligned && !dmarc.spf_aligned;
}

bool has_failed(const dkim::Result& signature) {
  switch (signature.code) {
    case dkim::ResultCode::fail:
    case dkim::ResultCode::permerror:
    case dkim::ResultCode::policy:
      return signature.domain.has_value();
    case dkim::ResultCode::pass:
    case dkim::ResultCode::neutral:
    case dkim::ResultCode::temperror:
      return false;
  }
  std::unreachable();
}

// One signature stands for all: the author's before a stranger's (RFC 6591 §3).
std::optional<std::size_t> failed_signature(const findings::Findings& found) {
  std::optional<std::size_t> chosen;
  for (std::size_t i = 0; i < found.dkim.size(); ++i) {
    if (!has_failed(found.dkim[i])) {
      continue;
    }
    if (is_aligned_domain(*found.dkim[i].domain, *found.dmarc,
                          found.dmarc->record->dkim_alignment)) {
      return i;
    }
    chosen = chosen.value_or(i);
  }
  return chosen;
}

bool spf_has_failed(const std::optional<spf::Result>& spf) {
  return spf && (spf->code == spf::ResultCode::fail || spf->code == spf::ResultCode::softfail ||
                 spf->code == spf::ResultCode::permerror);
}

}  // namespace

bool is_aligned_domain(const mail::Domain& domain, const dmarc::Result& dmarc,
                       dmarc::AlignmentMode mode) {
  if (mode == dmarc::AlignmentMode::strict || !dmarc.organizational_domain) {
    return domain == dmarc.author_domain;
  }
  return domain.is_within(*dmarc.organizational_domain);
}

std::vector<SelectedReport> select_failure_reports(const EvaluatedMessage& message,
                                                   const FailureOptions& options) {
  if (!options.enabled || !may_be_reported(message)) {
    return {};
  }
  const findings::Findings& found = message.findings;
  const dmarc::Result& dmarc = *found.dmarc;
  if (!asks_for_reports(dmarc) || !is_listed(*dmarc.author_domain, options.domains)) {
    return {};
  }
  const std::string_view asked = dmarc.record->failure_options;
  std::vector<SelectedReport> wanted;
  if ((asked.contains('0') || asked.contains('1')) && wants_dmarc(dmarc, asked.contains('1'))) {
    wanted.push_back({.kind = FailureKind::dmarc});
  }
  if (asked.contains('d')) {
    if (const auto signature = failed_signature(found)) {
      wanted.push_back({.kind = FailureKind::dkim, .signature = *signature});
    }
  }
  if (asked.contains('s') && spf_has_failed(found.spf_mail_from)) {
    wanted.push_back({.kind = FailureKind::spf});
  }
  return wanted;
}

}  // namespace sekisho::report::failure
