#include "milter/record/feedback_record.hpp"

#include "milter/environment.hpp"
#include "report/aggregate_sender/options.hpp"

#include <utility>

namespace sekisho::milter {

std::optional<report::store::Observation> observation_of(
    const checkpoint::Verdict& verdict, std::chrono::system_clock::time_point now) {
  if (verdict.disposition.action == policy::Action::tempfail) {
    return std::nullopt;
  }
  return report::store::observe(verdict.findings, verdict.disposition.enforced,
                                verdict.disposition.overrides.dmarc, now);
}

void record_feedback(Environment& environment, const checkpoint::Verdict& verdict) {
  const auto services = environment.services();
  const config::DaemonOptions& options = services->daemon;
  if (options.feedback.store.empty() || report::aggregate_sender::is_feedback_to_us(
                                            verdict.findings.envelope.recipients, options.report)) {
    return;
  }
  if (auto observation = observation_of(verdict, services->now())) {
    environment.recorder.record(*std::move(observation));
  }
}

}  // namespace sekisho::milter
