// What `sekisho report read` has read, in the order in which it is shown, and how it prints it.
#pragma once

#include "report/analysis/summary.hpp"
#include "tools/report/files.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace sekisho::tools {

struct FeedbackSource {
  dns::IpAddress address;
  report::analysis::MessageCounts tally;
  std::string name;  ///< Confirmed there and back (iprev); "" where it is not, or was not asked.
};

struct FeedbackDomain {
  std::string name;
  report::analysis::MessageCounts total;
  std::vector<FeedbackSource> sources;  ///< What fails most first, then what sends most.
};

struct FeedbackProblem {
  std::string file;
  std::string text;
};

struct Feedback {
  report::analysis::Summary summary;
  std::vector<FeedbackDomain> domains;  ///< What fails most first, then what sends most.
  std::uint64_t duplicates = 0;
  std::uint64_t other_mails = 0;
  std::vector<FeedbackProblem> problems;
  ReportNotes notes;
};

/// Fills `domains` from the summary.
void arrange(Feedback& feedback);

struct FeedbackTextOptions {
  std::size_t max_sources = 0;  ///< Of a domain that are shown; 0: all.
  bool colour = false;
  bool personal = false;  ///< Show what failure reports say of people.
};

/// For a person: a table a domain.
[[nodiscard]] std::string format_feedback_text(const Feedback& feedback,
                                               const FeedbackTextOptions& options);
/// One JSON object with the keys that sekisho(1) documents, and a line end.
[[nodiscard]] std::string format_feedback_json(const Feedback& feedback, bool personal);
/// RFC 4180, a line a domain and source below a line of names.
[[nodiscard]] std::string format_feedback_csv(const Feedback& feedback);
/// One HTML page that needs nothing else.
[[nodiscard]] std::string format_feedback_html(const Feedback& feedback, std::size_t max_sources);

/// `96.7 %`; 100.0 and 0.0 only where it is all or nothing.
[[nodiscard]] std::string format_share(std::uint64_t part, std::uint64_t whole);
/// `2026-01-31`, UTC.
[[nodiscard]] std::string format_day(std::chrono::sys_days day);
/// `2026-01-01 to 2026-01-31`, or one day.
[[nodiscard]] std::string format_days(const report::format::Period& period);
/// `p=reject sp=none`, as far as the report says it.
[[nodiscard]] std::string format_published(const report::format::PolicyPublished& policy);

}  // namespace sekisho::tools
