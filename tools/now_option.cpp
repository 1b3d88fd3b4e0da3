#include "tools/now_option.hpp"

#include <CLI/CLI.hpp>

namespace sekisho::tools {

void add_now_option(CLI::App& command, std::optional<std::int64_t>& now) {
  constexpr std::int64_t latest = 253'402'300'799;
  command.add_option("--now", now, "Take this for the present time")
      ->type_name("EPOCH")
      ->check(CLI::Range(std::int64_t{0}, latest));
}

std::chrono::sys_seconds present_time(const std::optional<std::int64_t>& now) {
  return now ? std::chrono::sys_seconds(std::chrono::seconds(*now))
             : std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

}  // namespace sekisho::tools
