#include "milter/monitor/log_message.hpp"

#include "milter/environment.hpp"
#include "milter/monitor/journal.hpp"
#include "milter/monitor/message_json.hpp"
#include "milter/monitor/message_line.hpp"

#include <string>

namespace sekisho::milter {

namespace {

// `format_line` and `format_members` say the same as text and as JSON.
template <typename Line, typename Members>
void log_verdict(const Log& log, const checkpoint::Verdict& verdict,
                 std::chrono::nanoseconds waited, const Line& format_line,
                 const Members& format_members) {
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(waited);
  if (log.is_json()) {
    log.info_members(format_members(verdict, milliseconds));
  } else {
    log.info(format_line(verdict, milliseconds), [&] { return journal_fields(verdict); });
  }
}

void log_faults(const Log& log, const findings::Findings& findings) {
  for (const std::string& fault : findings.faults) {
    const std::string what = quote_text(fault);
    log.error(escape_value(findings.envelope.queue_id) + ": " + what, what);
  }
}

}  // namespace

void log_message(Environment& environment, const checkpoint::Verdict& verdict,
                 std::chrono::nanoseconds waited) {
  environment.counters.count_message(verdict, waited);
  environment.recent_events.note_message(verdict, environment.services()->now());
  log_verdict(environment.log, verdict, waited, format_message_line, format_message_members);
  log_faults(environment.log, verdict.findings);
}

void log_refused_recipient(Environment& environment, const checkpoint::Verdict& refusal,
                           std::chrono::nanoseconds waited) {
  environment.counters.count_refused_recipient();
  environment.recent_events.note_recipient(refusal, environment.services()->now());
  log_verdict(environment.log, refusal, waited, format_recipient_line, format_recipient_members);
}

}  // namespace sekisho::milter
