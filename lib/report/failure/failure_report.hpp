// A failure report without recipients (RFC 9991 §2 and §4, RFC 6591 §3, RFC 5965 §2).
#pragma once

#include "report/failure/failure_selection.hpp"
#include "report/failure/redactor.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::report::failure {

/// The three parts of a multipart/report, and what is needed to send it. Text has CRLF. `header` is
/// UTF-8, all else US-ASCII.
struct FailureReport {
  FailureKind kind = FailureKind::dmarc;
  std::string policy_domain;      ///< Where the record with the ruf= was found.
  std::vector<std::string> uris;  ///< Its ruf=, not verified.
  std::chrono::sys_seconds made;
  std::string subject;
  std::string text;    ///< text/plain: for people.
  std::string fields;  ///< message/feedback-report
  std::string header;  ///< text/rfc822-headers: the header section, never the body.

  bool operator==(const FailureReport&) const = default;
};

[[nodiscard]] std::string_view format_failure_kind(FailureKind kind);

/// Limit of the header section in a report. Further fields are left out, and the report says so.
inline constexpr std::size_t max_reported_header_octets = 65'536;

/// Returns the size of all names and values.
[[nodiscard]] std::size_t octets_of(const mail::HeaderSection& header);

struct ReportContext {
  std::string authserv_id;             ///< Of Authentication-Results.
  std::string version;                 ///< Of the program, for User-Agent.
  const Redactor* redactor = nullptr;  ///< Null: nothing is replaced.
};

/// `wanted` is one of the results of select_failure_reports(message).
[[nodiscard]] FailureReport compose_failure_report(const EvaluatedMessage& message,
                                                   const SelectedReport& wanted,
                                                   const ReportContext& context);

}  // namespace sekisho::report::failure
