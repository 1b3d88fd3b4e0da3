#include "milter/process/reload.hpp"

#include "milter/process/load_services.hpp"
#include "milter/process/readiness.hpp"

#include <exception>
#include <utility>

namespace sekisho::milter {

namespace {

/// The options that are settled before the daemon gives up its rights or starts its threads, and
/// that differ: "socket, user".
std::string changed_at_start_only(const config::DaemonOptions& now,
                                  const config::DaemonOptions& before) {
  std::string changed;
  const auto compare = [&](const char* name, const auto& one, const auto& other) {
    if (one != other) {
      changed += (changed.empty() ? "" : ", ") + std::string(name);
    }
  };
  compare("socket", now.socket, before.socket);
  compare("socket_owner", now.socket_owner, before.socket_owner);
  compare("socket_group", now.socket_group, before.socket_group);
  compare("socket_mode", now.socket_mode, before.socket_mode);
  compare("user", now.user, before.user);
  compare("log_target", now.log_target, before.log_target);
  compare("log_format", now.log_format, before.log_format);
  return changed;
}

ReloadAnswer refuse(Environment& environment, const std::vector<std::string>& problems) {
  for (const std::string& problem : problems) {
    environment.log.error(problem);
  }
  environment.log.error("not reloaded: the previous configuration and keys stay in use");
  environment.recent_events.note_reload({environment.services()->now(), problems.front()});
  tell_ready("serving with the previous configuration: " + problems.front());
  return {ReloadAnswer::Kind::refused, problems};
}

/// Those in use, of which some may wait for a restart.
void keep_settings_of_start(config::DaemonOptions& options, const config::DaemonOptions& before) {
  options.socket = before.socket;
  options.socket_owner = before.socket_owner;
  options.socket_group = before.socket_group;
  options.socket_mode = before.socket_mode;
  options.user = before.user;
  options.log_target = before.log_target;
  options.log_format = before.log_format;
}

void warn(Environment& environment, ReloadAnswer& answer, const std::string& warning) {
  environment.log.warning(warning);
  answer.lines.push_back(warning);
}

ReloadAnswer take_over(Environment& environment, const std::string& configuration,
                       Watchers& watchers) {
  const auto before = environment.services();
  auto read = read_configuration(configuration);
  if (!read) {
    return refuse(environment, read.error());
  }
  ReloadAnswer answer;
  for (const std::string& warning : read->warnings) {
    warn(environment, answer, warning);
  }
  for (const std::string& problem : watchers.follow(read->options)) {
    warn(environment, answer, problem);
  }
  const std::string changed = changed_at_start_only(read->options, before->daemon);
  keep_settings_of_start(read->options, before->daemon);
  if (const auto warning = make_proof_keys(*read)) {
    warn(environment, answer, *warning);
  }
  environment.replace_services(open_services(*std::move(read), before));
  environment.recorder.set_options(environment.services()->daemon.feedback);
  environment.recent_events.note_reload({environment.services()->now(), {}});
  if (!changed.empty()) {
    answer.kind = ReloadAnswer::Kind::restart_needed;
    warn(environment, answer, "reloaded, but for " + changed + ": restart sekishod to apply it");
  }
  environment.log.info("reloaded");
  tell_ready("serving, reloaded" +
             (changed.empty() ? "" : "; a restart is needed to apply " + changed));
  return answer;
}

}  // namespace

ReloadAnswer reload(Environment& environment, const std::string& configuration,
                    Watchers& watchers) {
  tell_reloading();
  try {
    return take_over(environment, configuration, watchers);
  } catch (const std::exception& error) {  // systemd would wait for the end of the reload
    return refuse(environment, {error.what()});
  }
}

}  // namespace sekisho::milter
