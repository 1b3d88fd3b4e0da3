#include "tools/cli/now_option.hpp"

namespace sekisho::tools {

void add_now_option(Command& command, std::optional<std::int64_t>& now) {
  constexpr std::int64_t latest = 253'402'300'799;
  command.number("--now EPOCH", now, {0, latest}, "Use this time instead of the current time");
}

std::chrono::sys_seconds present_time(const std::optional<std::int64_t>& now) {
  return now ? std::chrono::sys_seconds(std::chrono::seconds(*now))
             : std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

}  // namespace sekisho::tools
