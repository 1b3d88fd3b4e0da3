#include "tools/preflight/author_domain.hpp"

#include "tools/cli/progress.hpp"
#include "tools/domain/run.hpp"

#include <algorithm>

namespace sekisho::tools {

DomainRun check_author_domain(const Sending& sending, const config::Options& options,
                              const std::shared_ptr<dns::Resolver>& resolver,
                              std::chrono::sys_seconds now) {
  domain_check::Options checks;
  for (const NamedSelector& named : sending.selectors) {
    if (named.domain == sending.author &&
        std::ranges::count(checks.selectors, named.selector) == 0) {
      checks.selectors.push_back(named.selector);
    }
  }
  checks.clients = sending.addresses;
  checks.helo = sending.helo;
  checks.suffixes = options.dmarc.suffixes;
  add_facts_of_zone(*resolver, checks);
  Progress progress;
  return run_domain_check(resolver, sending.author, checks, now, progress);
}

Selection checks_of_sending() {
  return {.all = false, .only = {"domain.", "spf.", "dkim.", "dmarc.", "sender."}, .before = {}};
}

}  // namespace sekisho::tools
