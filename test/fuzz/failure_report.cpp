// Failure reports about messages of any shape: whatever a message holds, no value of it becomes a
// line of its own, and what is spooled is read again. The input is a header section; its first
// lines are sender, queue id, a reason and an SPF record.
#include "report/failure/failure_report.hpp"

#include "report/failure/sample.hpp"
#include "report/failure/spool.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace sekisho;

std::string take_line(std::string_view& rest) {
  const auto end = std::min(rest.find('\n'), rest.size());
  const std::string line(rest.substr(0, end));
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return line;
}

// Fields end at a line with a single `;`, so that a value may hold line ends.
mail::HeaderSection header_from(std::string_view rest) {
  mail::HeaderSection header;
  while (!rest.empty()) {
    const auto end = std::min(rest.find("\n;\n"), rest.size());
    const std::string_view field = rest.substr(0, end);
    const auto colon = std::min(field.find(':'), field.size());
    header.push_back({std::string(field.substr(0, colon)),
                      std::string(field.substr(std::min(colon + 1, field.size())))});
    rest.remove_prefix(std::min(end + 3, rest.size()));
  }
  return header;
}

// Every line ends in CRLF and begins with a field's name or a blank that something follows.
void check_fields(std::string_view text) {
  while (!text.empty()) {
    const auto end = text.find("\r\n");
    const std::string_view line = text.substr(0, end);
    const bool is_fold = line.starts_with(' ') || line.starts_with('\t');
    const bool has_text = line.find_first_not_of(" \t") != std::string_view::npos;
    if (end == std::string_view::npos || line.find_first_of("\r\n") != std::string_view::npos ||
        !has_text || (!is_fold && !line.contains(':'))) {
      std::abort();
    }
    text.remove_prefix(end + 2);
  }
}

void check(const report::failure::EvaluatedMessage& message,
           const report::failure::Redactor* redactor) {
  for (const auto kind : {report::failure::FailureKind::dmarc, report::failure::FailureKind::dkim,
                          report::failure::FailureKind::spf}) {
    const report::failure::FailureReport composed = report::failure::compose_failure_report(
        message, {kind, 1},
        {.authserv_id = "mx.example.org", .version = "1", .redactor = redactor});
    check_fields(composed.fields);
    check_fields(composed.header);
    const report::failure::SpooledReport spooled{composed, {}};
    if (composed.subject.find_first_of("\r\n") != std::string::npos ||
        report::failure::read_spooled(report::failure::write_spooled(spooled)) != spooled) {
      std::abort();
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  static_cast<void>(report::failure::read_spooled(text));
  std::string_view rest = text;
  report::failure::EvaluatedMessage message = report::failure::failed_message("1:d:s");
  findings::Findings& found = message.findings;
  found.envelope.sender = take_line(rest);
  found.envelope.recipients = {found.envelope.sender};
  found.envelope.queue_id = take_line(rest);
  found.dmarc->reason = found.dkim[1].reason = found.spf_mail_from->reason = take_line(rest);
  found.dkim[1].auid = found.envelope.sender;
  found.spf_mail_from->records = {{"bank.example", take_line(rest)}};
  message.header = header_from(rest);
  static_cast<void>(report::failure::select_failure_reports(message, {.enabled = true}));
  const report::failure::Redactor redactor("key");
  check(message, nullptr);
  check(message, &redactor);
  return 0;
}
