// What the stored aggregate reports of others (`sekisho report import`) tell about a domain.
#pragma once

#include "config/options.hpp"
#include "domain_check/domain_check.hpp"
#include "domain_check/what_if.hpp"
#include "mail/domain.hpp"
#include "report/analysis/evidence.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>

namespace sekisho::tools {

/// The selectors in use: those of signatures that passed in this time.
inline constexpr std::chrono::days selector_window{90};
/// The mail that `--with` is applied to.
inline constexpr std::chrono::days mail_window{30};
/// The mail that a policy is judged by, as in `report advise`.
inline constexpr std::chrono::days policy_window{60};

struct StoredMail {
  /// The selectors in use, and when each was reported first.
  std::map<std::string, std::chrono::sys_seconds> selectors;
  domain_check::MailTally mail;
  report::analysis::DomainEvidence evidence;
};

/// Nullopt if there is no store. What is wrong with it goes to standard error.
[[nodiscard]] std::optional<StoredMail> read_stored_mail(const config::Options& options,
                                                         const mail::Domain& domain,
                                                         std::chrono::sys_seconds now);

/// Notes dmarc.policy if the domain's own record has p=none, asks for reports, and these advise the
/// next policy.
void judge_policy(domain_check::Report& report, const report::analysis::DomainEvidence& evidence);

}  // namespace sekisho::tools
