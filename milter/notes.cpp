#include "milter/notes.hpp"

#include "milter/environment.hpp"
#include "milter/journal.hpp"
#include "milter/message_json.hpp"
#include "milter/message_line.hpp"

#include <string>

namespace sekisho::milter {

namespace {

std::chrono::milliseconds in_milliseconds(std::chrono::nanoseconds time) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time);
}

void log_message(const Log& log, const checkpoint::Verdict& verdict,
                 std::chrono::milliseconds waited) {
  if (log.is_json()) {
    log.info_members(format_message_members(verdict, waited));
  } else {
    log.info(format_message_line(verdict, waited), [&] { return journal_fields(verdict); });
  }
  for (const std::string& fault : verdict.findings.faults) {
    const std::string what = quote_text(fault);
    log.error(escape_value(verdict.findings.envelope.queue_id) + ": " + what, what);
  }
}

void log_refusal(const Log& log, const checkpoint::Verdict& refusal,
                 std::chrono::milliseconds waited) {
  if (log.is_json()) {
    log.info_members(format_recipient_members(refusal, waited));
  } else {
    log.info(format_recipient_line(refusal, waited), [&] { return journal_fields(refusal); });
  }
}

}  // namespace

void note_message(Environment& environment, const checkpoint::Verdict& verdict,
                  std::chrono::nanoseconds waited) {
  environment.tally.count_message(verdict, waited);
  environment.chronicle.note_message(verdict, environment.services()->now());
  log_message(environment.log, verdict, in_milliseconds(waited));
}

void note_refused_recipient(Environment& environment, const checkpoint::Verdict& refusal,
                            std::chrono::nanoseconds waited) {
  environment.tally.count_refused_recipient();
  environment.chronicle.note_recipient(refusal, environment.services()->now());
  log_refusal(environment.log, refusal, in_milliseconds(waited));
}

}  // namespace sekisho::milter
