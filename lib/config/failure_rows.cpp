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
      "Write a report about a message that fails, where its author's domain asks for one."));
  table.push_back(row(
      "failure.domains", [](auto& o) -> auto& { return o.failure.domains; },
      "Authors in these domains and below are reported; empty: in all."));
  table.push_back(row(
      "failure.redact", [](auto& o) -> auto& { return o.failure.redact; },
      "Replace what would name people."));
  table.push_back(row(
      "failure.per_hour", [](auto& o) -> auto& { return o.failure.per_hour; },
      "Reports to the owner of one domain in an hour.", counts(1, 10'000)));
  table.push_back(row(
      "failure.per_day", [](auto& o) -> auto& { return o.failure.per_day; }, "The same in a day.",
      counts(1, 100'000)));
  table.push_back(row(
      "failure.spool", [](auto& o) -> auto& { return o.failure.spool; },
      "Folder in which reports wait for `sekisho report deliver`.",
      Check<std::string>(check_folder)));
  table.push_back(row(
      "failure.max_spooled", [](auto& o) -> auto& { return o.failure.max_spooled; },
      "Reports that wait there at most.", counts(1, 100'000)));
}

}  // namespace sekisho::config
