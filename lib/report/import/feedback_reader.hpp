// Reads reports about single messages from mails: ARF (RFC 5965) with RFC 6591 and RFC 9991, and
// the format that Exim writes.
#pragma once

#include "report/format/feedback_report.hpp"
#include "report/import/mime.hpp"

#include <optional>
#include <string_view>

namespace sekisho::report::import {

/// Returns nullopt if the mail is not such a report. A broken one (boundaries without hyphens
/// occur) is read as far as its fields are found in the text.
[[nodiscard]] std::optional<format::FeedbackReport> read_feedback(const MimeMessage& mail);

}  // namespace sekisho::report::import
