// The daemon's log: lines to standard error or to syslog, for people or for programs.
#pragma once

#include "config/options.hpp"
#include "guarded.hpp"
#include "milter/monitor/journal.hpp"
#include "milter/monitor/repeat_limit.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace spdlog {
class logger;  // NOLINT(readability-identifier-naming): as spdlog names it
}

namespace sekisho::milter {

/// Thread-safe. Text is written as it is: who logs words of a message escapes them first. Copies
/// share all they have.
class Log {
 public:
  /// Where nobody takes what goes to syslog it goes to standard error, with a word about that.
  Log(config::LogTarget target, config::LogFormat format);

  /// Of what is the same as before only some lines a minute are written, and then how many were
  /// left out. `kind`: what is the same, where not the whole text is.
  void error(std::string_view text, std::string_view kind = {}) const;
  void warning(std::string_view text, std::string_view kind = {}) const;
  void info(std::string_view text) const;
  /// The line of a message. In systemd's journal `fields()` stand beside it.
  void info(std::string_view text, const std::function<std::vector<JournalField>()>& fields) const;
  /// A line in JSON: members of an object, without its braces.
  void info_members(std::string_view members) const;

  [[nodiscard]] bool is_json() const { return format_ == config::LogFormat::json; }
  /// Tells now what was left out in the minutes that are over.
  void tell_left_out() const;

 private:
  [[nodiscard]] bool admit(std::string_view text, std::string_view kind) const;
  [[nodiscard]] std::string shown(std::string_view text) const;

  config::LogFormat format_;
  std::optional<Journal> journal_;  ///< Where it reads our standard error, and text is wanted.
  std::shared_ptr<spdlog::logger> logger_;
  std::shared_ptr<Guarded<RepeatLimit>> repeats_ = std::make_shared<Guarded<RepeatLimit>>();
};

}  // namespace sekisho::milter
