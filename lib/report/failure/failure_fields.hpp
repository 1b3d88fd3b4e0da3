// The machine-readable part of a failure report (RFC 5965 §3, RFC 6591 §3, RFC 6692 §3, RFC 9991
// §4).
#pragma once

#include "report/failure/failure_report.hpp"

#include <string>

namespace sekisho::report::failure {

/// Returns the body of message/feedback-report: US-ASCII fields with CRLF.
[[nodiscard]] std::string failure_fields(const EvaluatedMessage& message,
                                         const SelectedReport& wanted,
                                         const ReportContext& context);

}  // namespace sekisho::report::failure
