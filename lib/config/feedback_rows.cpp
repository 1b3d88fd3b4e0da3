// Section [feedback].
#include "config/option_row.hpp"
#include "report/store/location.hpp"

#include <chrono>

namespace sekisho::config {

namespace {

std::optional<std::string> check_store(const std::string& text) {
  if (text.empty()) {
    return std::nullopt;
  }
  const auto location = report::store::parse_location(text);
  if (location) {
    return std::nullopt;
  }
  return "the whole path of a file, sqlite://PATH or postgresql://... (" + location.error() + ")";
}

std::optional<std::string> check_spill_file(const std::string& text) {
  if (text.empty() || (text.starts_with('/') && !text.ends_with('/'))) {
    return std::nullopt;
  }
  return "the whole path of a file, such as /var/lib/sekisho/feedback.spill";
}

}  // namespace

void add_feedback_rows(std::vector<Option>& table) {
  using std::chrono::hours;
  using std::chrono::milliseconds;
  using std::chrono::seconds;
  table.push_back(without_secret(
      row(
          "feedback.store", [](auto& o) -> auto& { return o.feedback.store; },
          "Database of DMARC results for reports: an SQLite file or postgresql://...; empty: none.",
          Check<std::string>(check_store)),
      report::store::shown_location));
  table.push_back(row(
      "feedback.commit_interval", [](auto& o) -> auto& { return o.feedback.commit_interval; },
      "Time for which messages are collected before they are written to the database.",
      between<milliseconds>(milliseconds{10}, seconds{60})));
  table.push_back(row(
      "feedback.queue", [](auto& o) -> auto& { return o.feedback.queue; },
      "Maximum number of collected messages.", counts(10, 1'000'000)));
  table.push_back(row(
      "feedback.spill_file", [](auto& o) -> auto& { return o.feedback.spill_file; },
      "File for messages while the database is unavailable; empty: beside the database.",
      Check<std::string>(check_spill_file)));
  table.push_back(row(
      "feedback.spill_limit", [](auto& o) -> auto& { return o.feedback.spill_limit; },
      "Maximum size of this file, in octets.", counts(65'536, 1'099'511'627'776)));
  table.push_back(row(
      "feedback.retention", [](auto& o) -> auto& { return o.feedback.retention; },
      "Time for which results and reports are kept.", between<seconds>(hours{48}, hours{87'600})));
}

}  // namespace sekisho::config
