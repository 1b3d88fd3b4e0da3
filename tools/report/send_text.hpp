// What came of reports that went out, for people and for programs.
#pragma once

#include "report/aggregate_sender/aggregate_sender.hpp"

#include <string>
#include <vector>

namespace sekisho::tools {

/// A run of `sekisho report send`. What was sent before is counted and not listed.
[[nodiscard]] std::string format_sent_text(
    const std::vector<report::aggregate_sender::SendResult>& reports, bool dry_run);
/// One report: a line, and one for each address that did not get it.
[[nodiscard]] std::string format_report_text(const report::aggregate_sender::SendResult& report);
/// One JSON object with the keys that sekisho(1) documents, and a line end.
[[nodiscard]] std::string format_sent_json(
    const std::vector<report::aggregate_sender::SendResult>& reports, bool dry_run);

}  // namespace sekisho::tools
