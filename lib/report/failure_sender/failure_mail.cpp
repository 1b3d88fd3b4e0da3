#include "report/failure_sender/failure_mail.hpp"

#include "report/mailer/mail_draft.hpp"

#include <algorithm>

namespace sekisho::report::failure_sender {

std::expected<std::string, std::string> compose_failure_mail(const failure::FailureReport& report,
                                                             const FailureAuthor& author,
                                                             const std::string& to,
                                                             const std::string& id) {
  mailer::MailDraft draft;
  draft.from_name = author.name;
  draft.from = author.address;
  draft.to = {to};
  draft.subject = report.subject;
  draft.message_id =
      id + author.address.substr(std::min(author.address.find('@'), author.address.size()));
  draft.date = report.made;
  draft.structure = mailer::Structure::feedback_report;
  draft.parts = {{.type = "text/plain", .content = report.text},
                 {.type = "message/feedback-report", .content = report.fields},
                 {.type = "text/rfc822-headers", .content = report.header}};
  return mailer::compose(draft);
}

}  // namespace sekisho::report::failure_sender
