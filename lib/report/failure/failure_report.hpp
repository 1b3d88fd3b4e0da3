// A failure report, ready but for whom it goes to (RFC 9991 §2 and §4, RFC 6591 §3, RFC 5965 §2).
#pragma once

#include "report/failure/failure_selection.hpp"
#include "report/failure/redactor.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::report::failure {

/// The three parts of a multipart/report, and what is needed to send it. Text has CRLF; all but
/// `header` is US-ASCII, and that is UTF-8.
struct FailureReport {
  FailureKind kind = FailureKind::dmarc;
  std::string policy_domain;      ///< Where the record was found that asks for it.
  std::vector<std::string> uris;  ///< Its ruf=, none of them verified.
  std::chrono::sys_seconds made;
  std::string subject;
  std::string text;    ///< text/plain: for people.
  std::string fields;  ///< message/feedback-report
  std::string header;  ///< text/rfc822-headers: the header section, never the body.

  bool operator==(const FailureReport&) const = default;
};

[[nodiscard]] std::string_view format_failure_kind(FailureKind kind);

/// Of the header section, in a report; fields beyond are left out, and said to be.
inline constexpr std::size_t max_reported_header_octets = 65'536;

/// Of names and values.
[[nodiscard]] std::size_t octets_of(const mail::HeaderSection& header);

struct ReportContext {
  std::string authserv_id;             ///< Who found it: the id of Authentication-Results.
  std::string version;                 ///< Of the program: User-Agent.
  const Redactor* redactor = nullptr;  ///< Null: nothing is replaced.
};

/// `wanted` is one of select_failure_reports(message).
[[nodiscard]] FailureReport compose_failure_report(const EvaluatedMessage& message,
                                                   const SelectedReport& wanted,
                                                   const ReportContext& context);

}  // namespace sekisho::report::failure
