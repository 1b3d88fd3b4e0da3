#include "milter/monitor/snapshot.hpp"

namespace sekisho::milter {

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
  return snapshot;
}

}  // namespace sekisho::milter
