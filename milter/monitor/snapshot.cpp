#include "milter/monitor/snapshot.hpp"

#include <algorithm>
#include <fstream>

namespace sekisho::milter {

namespace {

// Of authors and receivers; an author is whatever users write into From.
constexpr std::size_t max_shown_sums = 100;

// Read when they are asked for: they change once a day. Domains that are not watched any more may
// still be in the file.
std::vector<domain_check::FindingCount> read_domain_findings(const config::Domains& domains) {
  if (domains.watch.empty()) {
    return {};
  }
  std::ifstream file(domains.folder + "/counts", std::ios::binary);
  std::string text(domain_check::max_counts_octets, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  auto counts = domain_check::parse_counts(text);
  std::erase_if(counts, [&](const domain_check::FindingCount& count) {
    return std::ranges::none_of(
        domains.watch, [&](const mail::Domain& domain) { return domain.text() == count.domain; });
  });
  return counts;
}

}  // namespace

Snapshot take_snapshot(const Environment& environment, const std::string& configuration) {
  const auto services = environment.services();
  Snapshot snapshot;
  snapshot.now = services->now();
  snapshot.configuration = configuration;
  snapshot.counters = environment.counters.read();
  snapshot.recent_events = environment.recent_events.read();
  snapshot.under_way = environment.limiter.under_way();
  snapshot.most_under_way = services->options.limits.messages;
  if (const auto* resolver = dynamic_cast<const dns::StubResolver*>(services->resolver.get())) {
    snapshot.dns = resolver->statistics();
  }
  if (services->signing.publications) {
    snapshot.keys = services->signing.publications->counts();
  }
  snapshot.feedback = environment.recorder.statistics();
  snapshot.sent = services->sent->volume().sums(snapshot.now);
  snapshot.sent.resize(std::min(snapshot.sent.size(), max_shown_sums));
  snapshot.domain_findings = read_domain_findings(services->daemon.domains);
  return snapshot;
}

}  // namespace sekisho::milter
