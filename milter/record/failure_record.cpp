#include "milter/record/failure_record.hpp"

#include "milter/environment.hpp"
#include "report/aggregate_sender/options.hpp"

#include <utility>

namespace sekisho::milter {

void report_failure(Environment& environment, checkpoint::Verdict verdict) {
  const auto services = environment.services();
  const report::failure::FailureOptions& options = services->daemon.failure;
  if (!options.enabled || verdict.header.empty() ||
      report::aggregate_sender::is_feedback_to_us(verdict.findings.envelope.recipients,
                                                  services->daemon.report)) {
    return;
  }
  report::failure::FailureJob job;
  job.message = {std::move(verdict.findings), std::move(verdict.header), verdict.disposition.action,
                 services->now()};
  job.wanted = report::failure::select_failure_reports(job.message, options);
  if (job.wanted.empty()) {
    return;
  }
  job.options = options;
  job.authserv_id = services->options.authserv_id;
  environment.failures.put(std::move(job));
}

}  // namespace sekisho::milter
