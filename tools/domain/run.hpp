// One domain, checked for a person: with a limit of questions, a time and a progress line.
#pragma once

#include "dns/resolver.hpp"
#include "domain_check/examination.hpp"
#include "mail/domain.hpp"
#include "tools/cli/progress.hpp"
#include "tools/domain/report.hpp"

#include <chrono>
#include <memory>

namespace sekisho::tools {

/// `time` is shown as that of the run.
[[nodiscard]] DomainRun run_domain_check(std::shared_ptr<dns::Resolver> resolver,
                                         const mail::Domain& domain,
                                         const domain_check::Options& options,
                                         std::chrono::sys_seconds time, Progress& progress);

/// What the records that `laid` has over `now` would do to reported mail.
[[nodiscard]] domain_check::MailEffect effect_of_records(
    std::shared_ptr<dns::Resolver> now, std::shared_ptr<dns::Resolver> laid,
    const mail::Domain& domain, const domain_check::MailTally& mail,
    std::shared_ptr<const dmarc::PublicSuffixes> suffixes);

/// Names of a zone file that could be in an address, and addresses for documentation that count as
/// public in it. Nothing for other resolvers.
void add_facts_of_zone(const dns::Resolver& resolver, domain_check::Options& options);

}  // namespace sekisho::tools
