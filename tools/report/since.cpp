#include "tools/report/since.hpp"

#include "report/format/period.hpp"

namespace sekisho::tools {

std::expected<std::chrono::sys_seconds, Refusal> parse_since(const std::string& text,
                                                             std::chrono::sys_seconds otherwise) {
  if (text.empty()) {
    return otherwise;
  }
  const auto time = report::format::parse_date_time(text + "T00:00:00Z");
  if (!time) {
    return std::unexpected(
        Refusal{exit_usage, "--since " + text + ": not a date such as 2026-11-22"});
  }
  return *time;
}

}  // namespace sekisho::tools
