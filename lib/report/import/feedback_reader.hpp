// Reports about single messages out of mails: ARF (RFC 5965) with RFC 6591 and RFC 9991, and the
// form that Exim writes without it.
#pragma once

#include "report/format/feedback_report.hpp"
#include "report/import/mime.hpp"

#include <optional>
#include <string_view>

namespace sekisho::report::import {

/// Nullopt: the mail is no such report. One that says so and is broken (boundaries without hyphens
/// are met) is read as far as its fields are found in its text.
[[nodiscard]] std::optional<format::FeedbackReport> read_feedback(const MimeMessage& mail);

}  // namespace sekisho::report::import
