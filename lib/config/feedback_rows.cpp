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
  const auto location = report::parse_location(text);
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
          "Where messages are counted for DMARC reports: a file for SQLite, or postgresql://...; "
          "empty: they are not.",
          Check<std::string>(check_store)),
      report::shown_location));
  table.push_back(row(
      "feedback.commit_interval", [](auto& o) -> auto& { return o.feedback.commit_interval; },
      "How long messages wait until they are counted together.",
      between<milliseconds>(milliseconds{10}, seconds{60})));
  table.push_back(row(
      "feedback.queue", [](auto& o) -> auto& { return o.feedback.queue; },
      "Messages that wait at most.", counts(10, 1'000'000)));
  table.push_back(row(
      "feedback.spill_file", [](auto& o) -> auto& { return o.feedback.spill_file; },
      "File that takes what the store cannot; empty: beside the database.",
      Check<std::string>(check_spill_file)));
  table.push_back(row(
      "feedback.spill_limit", [](auto& o) -> auto& { return o.feedback.spill_limit; },
      "Size of that file, in octets.", counts(65'536, 1'099'511'627'776)));
  table.push_back(row(
      "feedback.retention", [](auto& o) -> auto& { return o.feedback.retention; },
      "How long all of it is kept.", between<seconds>(hours{48}, hours{87'600})));
}

}  // namespace sekisho::config
