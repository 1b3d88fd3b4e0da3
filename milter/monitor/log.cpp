#include "milter/monitor/log.hpp"

#include "milter/monitor/journal.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

#include <sys/socket.h>
#include <sys/un.h>
#include <syslog.h>
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/sinks/syslog_sink.h>
#include <spdlog/spdlog.h>

namespace sekisho::milter {

namespace {

constexpr auto program_name = "sekishod";

/// `<3>`: how important a line is, as the journal reads it (sd-daemon(3)).
class Priority : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm& /*time*/,
              spdlog::memory_buf_t& line) override {
    line.push_back('<');
    line.push_back(digit_of(message.level));
    line.push_back('>');
  }
  [[nodiscard]] std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<Priority>();
  }

 private:
  static char digit_of(spdlog::level::level_enum level) {
    if (level >= spdlog::level::err) {
      return static_cast<char>('0' + LOG_ERR);
    }
    return static_cast<char>('0' + (level == spdlog::level::warn ? LOG_WARNING : LOG_INFO));
  }
};

bool writes_to_journal(config::LogTarget target) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): there is no other thread yet
  const char* variable = std::getenv("JOURNAL_STREAM");
  return target == config::LogTarget::standard_error && variable != nullptr &&
         is_journal(STDERR_FILENO, variable);
}

/// The journal and syslog have time, name and process of their own.
std::string pattern_for(config::LogTarget target, config::LogFormat format) {
  const bool journal = writes_to_journal(target);
  const std::string priority = journal ? "%*" : "";
  switch (format) {
    case config::LogFormat::text:
      return priority + (journal ? "%v" : "%Y-%m-%dT%H:%M:%S.%e%z %n[%P] %l: %v");
    case config::LogFormat::json:
      return priority + R"({"time":"%Y-%m-%dT%H:%M:%S.%e%z","level":"%l","process":%P,%v})";
  }
  std::unreachable();
}

/// syslog(3) tells nobody when it loses a line.
bool has_syslog() {
  const std::string_view path = _PATH_LOG;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::ranges::copy(path, std::begin(address.sun_path));
  for (const int type : {SOCK_DGRAM, SOCK_STREAM}) {
    const int descriptor = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
    const bool is_there =
        descriptor >= 0 &&
        connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    if (descriptor >= 0) {
      close(descriptor);
    }
    if (is_there) {
      return true;
    }
  }
  return false;
}

spdlog::sink_ptr open_sink(config::LogTarget target, config::LogFormat format) {
  switch (target) {
    case config::LogTarget::standard_error:
      return std::make_shared<spdlog::sinks::stderr_sink_mt>();
    case config::LogTarget::syslog:
      return std::make_shared<spdlog::sinks::syslog_sink_mt>(
          program_name, LOG_PID, LOG_MAIL,
          /*enable_formatting=*/format == config::LogFormat::json);
  }
  std::unreachable();
}

std::unique_ptr<spdlog::formatter> make_formatter(config::LogTarget target,
                                                  config::LogFormat format) {
  // syslog wants no line end.
  const char* end = target == config::LogTarget::syslog ? "" : "\n";
  auto formatter =
      std::make_unique<spdlog::pattern_formatter>(spdlog::pattern_time_type::local, end);
  formatter->add_flag<Priority>('*');
  formatter->set_pattern(pattern_for(target, format));
  return formatter;
}

}  // namespace

Log::Log(config::LogTarget target, config::LogFormat format) : format_(format) {
  const bool is_lost = target == config::LogTarget::syslog && !has_syslog();
  if (is_lost) {
    target = config::LogTarget::standard_error;
  }
  logger_ = std::make_shared<spdlog::logger>(program_name, open_sink(target, format));
  logger_->set_formatter(make_formatter(target, format));
  if (writes_to_journal(target) && format == config::LogFormat::text) {
    journal_.emplace();
  }
  if (is_lost) {
    warning("log_target is syslog, and nobody listens at " _PATH_LOG
            ": the log goes to standard error");
  }
}

void Log::error(std::string_view text, std::string_view kind) const {
  if (admit(text, kind)) {
    logger_->error("{}", shown(text));
  }
}

void Log::warning(std::string_view text, std::string_view kind) const {
  if (admit(text, kind)) {
    logger_->warn("{}", shown(text));
  }
}

void Log::info(std::string_view text) const {
  logger_->info("{}", shown(text));
}

void Log::info(std::string_view text,
               const std::function<std::vector<JournalField>()>& fields) const {
  if (!journal_ || !journal_->send(LOG_INFO, text, fields())) {
    info(text);
  }
}

void Log::info_members(std::string_view members) const {
  logger_->info("{}", members);
}

bool Log::admit(std::string_view text, std::string_view kind) const {
  tell_left_out();
  return repeats_->lock()->admit(kind.empty() ? text : kind, std::chrono::steady_clock::now());
}

void Log::tell_left_out() const {
  const auto all = repeats_->lock()->collect(std::chrono::steady_clock::now());
  for (const auto& [kind, count] : all) {
    const std::string what = kind.empty() ? "troubles of many kinds" : kind;
    logger_->warn("{}", shown(std::to_string(count) + " times more within a minute: " + what));
  }
}

std::string Log::shown(std::string_view text) const {
  if (!is_json()) {
    return std::string(text);
  }
  using nlohmann::json;
  return "\"text\":" + json(text).dump(-1, ' ', true, json::error_handler_t::replace);
}

}  // namespace sekisho::milter
