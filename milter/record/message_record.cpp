#include "milter/record/message_record.hpp"

#include "milter/environment.hpp"
#include "milter/record/change_record.hpp"
#include "milter/record/failure_record.hpp"
#include "milter/record/feedback_record.hpp"
#include "milter/record/sent_record.hpp"

#include <exception>
#include <string>
#include <utility>

namespace sekisho::milter {

namespace {

template <typename Work>
void contained(Environment& environment, const char* record, const Work& work) noexcept {
  try {
    work();
  } catch (const std::exception& error) {
    environment.log.error(std::string(record) + ": " + error.what());
  }
}

}  // namespace

void record_message(Environment& environment, checkpoint::Verdict verdict) noexcept {
  contained(environment, "feedback", [&] { record_feedback(environment, verdict); });
  contained(environment, "feedback", [&] { record_changes(environment, verdict); });
  contained(environment, "preflight", [&] { record_sent(environment, verdict); });
  contained(environment, "failure report",
            [&] { report_failure(environment, std::move(verdict)); });
}

}  // namespace sekisho::milter
