#include "milter/monitor/log_message.hpp"

#include "milter/environment.hpp"
#include "milter/monitor/journal.hpp"
#include "milter/monitor/message_json.hpp"
#include "milter/monitor/message_line.hpp"

#include <string>

namespace sekisho::milter {

namespace {

std::chrono::milliseconds in_milliseconds(std::chrono::nanoseconds time) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time);
}

void log_facts(const Log& log, const MessageFacts& message) {
  if (log.is_json()) {
    log.info_members(format_members(message));
  } else {
    log.info(format_line(message), [&] { return journal_fields(message); });
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
  log_facts(environment.log, message_facts(verdict, in_milliseconds(waited)));
  log_faults(environment.log, verdict.findings);
}

void log_refused_recipient(Environment& environment, const checkpoint::Verdict& refusal,
                           std::chrono::nanoseconds waited) {
  environment.counters.count_refused_recipient();
  environment.recent_events.note_recipient(refusal, environment.services()->now());
  log_facts(environment.log, recipient_facts(refusal, in_milliseconds(waited)));
}

}  // namespace sekisho::milter
