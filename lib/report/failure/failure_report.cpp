#include "report/failure/failure_report.hpp"

#include "report/failure/failure_fields.hpp"
#include "report/failure/field_text.hpp"
#include "report/failure/owners.hpp"

#include <algorithm>
#include <utility>

namespace sekisho::report::failure {

namespace {

std::string shown_value(const mail::HeaderField& field, const ReportContext& context) {
  return context.redactor != nullptr ? context.redactor->field(field) : field.value;
}

// RFC 5965 §2 (f): that of the message, but for a prefix of forwarding.
std::string subject_of(const EvaluatedMessage& message, const ReportContext& context) {
  const auto subjects = mail::fields_named(message.header, "Subject");
  std::string original =
      subjects.empty() ? std::string("(none)") : shown_value(*subjects.front(), context);
  original.erase(0, original.find_first_not_of(" \t\r\n"));
  const std::string_view name = "Subject";
  std::string line = mail::unfold(field_text(name, "FW: " + original, FieldCharset::utf8));
  line.resize(line.size() - 2);  // its CRLF
  return line.substr(name.size() + 2);
}

std::string_view name_of_subject(FailureKind kind) {
  switch (kind) {
    case FailureKind::dmarc:
      return "DMARC";
    case FailureKind::dkim:
      return "DKIM";
    case FailureKind::spf:
      return "SPF";
  }
  std::unreachable();
}

std::string text_of(const EvaluatedMessage& message, const SelectedReport& wanted,
                    const ReportContext& context) {
  const findings::Findings& found = message.findings;
  std::string text = "This is a report about a failure of ";
  text.append(name_of_subject(wanted.kind)).append(" for a message in the name of\r\n");
  text.append(found.dmarc->author_domain->text()).append(", received by ");
  text.append(context.authserv_id);
  if (found.client.address) {
    text.append("\r\nfrom IP ").append(found.client.address->text());
  }
  text.append(" on ").append(date_text(message.arrival)).append(".\r\n\r\n");
  text.append("It is sent since the DMARC record of ").append(found.dmarc->record_domain->text());
  text.append(" asks for such reports (ruf=).\r\n");
  if (context.redactor != nullptr) {
    text.append(
        "What would name people has been replaced (RFC 6590); the same word stands for the\r\n"
        "same text in every report of ours.\r\n");
  }
  return text;
}

std::string header_of(const EvaluatedMessage& message, const ReportContext& context) {
  std::string text;
  for (const mail::HeaderField& field : message.header) {
    if (!is_field_name(field.name)) {
      continue;
    }
    const std::string line =
        field_text(field.name, shown_value(field, context), FieldCharset::utf8);
    if (text.size() + line.size() > max_reported_header_octets) {
      text += "X-Sekisho-Left-Out: further fields\r\n";
      break;
    }
    text += line;
  }
  return text;
}

}  // namespace

std::string_view format_failure_kind(FailureKind kind) {
  switch (kind) {
    case FailureKind::dmarc:
      return "dmarc";
    case FailureKind::dkim:
      return "dkim";
    case FailureKind::spf:
      return "spf";
  }
  std::unreachable();
}

std::size_t octets_of(const mail::HeaderSection& header) {
  std::size_t octets = 0;
  for (const mail::HeaderField& field : header) {
    octets += field.name.size() + field.value.size();
  }
  return octets;
}

FailureReport compose_failure_report(const EvaluatedMessage& message, const SelectedReport& wanted,
                                     const ReportContext& context) {
  const dmarc::Result& dmarc = *message.findings.dmarc;
  std::vector<std::string> uris = dmarc.record->failure_uris;
  uris.resize(std::min(uris.size(), max_failure_uris));
  return {.kind = wanted.kind,
          .policy_domain = dmarc.record_domain->text(),
          .uris = std::move(uris),
          .made = message.arrival,
          .subject = subject_of(message, context),
          .text = text_of(message, wanted, context),
          .fields = failure_fields(message, wanted, context),
          .header = header_of(message, context)};
}

}  // namespace sekisho::report::failure
