#include "milter/log.hpp"

#include <utility>

#include <syslog.h>

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/sinks/syslog_sink.h>
#include <spdlog/spdlog.h>

namespace sekisho::milter {

namespace {

constexpr auto program_name = "sekishod";

spdlog::sink_ptr open_sink(config::LogTarget target) {
  switch (target) {
    case config::LogTarget::standard_error:
      return std::make_shared<spdlog::sinks::stderr_sink_mt>();
    case config::LogTarget::syslog:
      return std::make_shared<spdlog::sinks::syslog_sink_mt>(program_name, LOG_PID, LOG_MAIL,
                                                             /*enable_formatting=*/false);
  }
  std::unreachable();
}

}  // namespace

Log::Log(config::LogTarget target)
    : logger_(std::make_shared<spdlog::logger>(program_name, open_sink(target))) {
  logger_->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %n[%P] %l: %v");
  logger_->flush_on(spdlog::level::info);
}

void Log::error(std::string_view text) const {
  logger_->error("{}", text);
}

void Log::warning(std::string_view text) const {
  logger_->warn("{}", text);
}

void Log::info(std::string_view text) const {
  logger_->info("{}", text);
}

}  // namespace sekisho::milter
