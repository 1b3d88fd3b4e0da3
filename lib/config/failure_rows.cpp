// Section [failure].
#include "config/option_row.hpp"

namespace sekisho::config {

namespace {

std::optional<std::string> check_folder(const std::string& text) {
  if (text.starts_with('/')) {
    return std::nullopt;
  }
  return "the whole path of a folder, such as /var/lib/sekisho/failure";
}

}  // namespace

void add_failure_rows(std::vector<Option>& table) {
  table.push_back(row(
      "failure.enabled", [](auto& o) -> auto& { return o.failure.enabled; },
      "Write reports about single messages that fail, if the author's domain asks for them."));
  table.push_back(row(
      "failure.domains", [](auto& o) -> auto& { return o.failure.domains; },
      "Report only authors in these domains and their subdomains; empty: all authors."));
  table.push_back(row(
      "failure.redact", [](auto& o) -> auto& { return o.failure.redact; },
      "Replace text that can identify people."));
  table.push_back(row(
      "failure.per_hour", [](auto& o) -> auto& { return o.failure.per_hour; },
      "Maximum number of reports per hour to the owner of one domain.", counts(1, 10'000)));
  table.push_back(row(
      "failure.per_day", [](auto& o) -> auto& { return o.failure.per_day; },
      "Maximum number of reports per day to the owner of one domain.", counts(1, 100'000)));
  table.push_back(row(
      "failure.spool", [](auto& o) -> auto& { return o.failure.spool; },
      "Folder in which reports wait for `sekisho report deliver`.",
      Check<std::string>(check_folder)));
  table.push_back(row(
      "failure.max_spooled", [](auto& o) -> auto& { return o.failure.max_spooled; },
      "Maximum number of reports in this folder.", counts(1, 100'000)));
}

}  // namespace sekisho::config
