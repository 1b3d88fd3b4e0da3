// The daemon's log: lines to standard error or to syslog.
#pragma once

#include "config/options.hpp"

#include <memory>
#include <string_view>

namespace spdlog {
class logger;  // NOLINT(readability-identifier-naming): as spdlog names it
}

namespace sekisho::milter {

/// Thread-safe. Text is written as it is: who logs words of a message escapes them first.
class Log {
 public:
  explicit Log(config::LogTarget target);

  void error(std::string_view text) const;
  void warning(std::string_view text) const;
  void info(std::string_view text) const;

 private:
  std::shared_ptr<spdlog::logger> logger_;
};

}  // namespace sekisho::milter
