#include "milter/process/reload.hpp"

#include "milter/process/load_services.hpp"
#include "milter/process/readiness.hpp"

#include <exception>
#include <tuple>
#include <utility>

namespace sekisho::milter {

namespace {

/// What is settled before the daemon gives up its rights.
auto settled_at_start(const config::DaemonOptions& options) {
  return std::tie(options.socket, options.socket_owner, options.socket_group, options.socket_mode,
                  options.user, options.metrics.listen, options.metrics.allow_remote,
                  options.control.socket, options.log_target, options.log_format);
}

void refuse(Environment& environment, const std::vector<std::string>& problems) {
  for (const std::string& problem : problems) {
    environment.log.error(problem);
  }
  environment.log.error("not reloaded: the previous configuration and keys stay in use");
  environment.recent_events.note_reload({environment.services()->now(), problems.front()});
  tell_ready("serving with the configuration of before: " + problems.front());
}

void take_over(Environment& environment, const std::string& configuration) {
  const auto before = environment.services();
  auto read = read_configuration(configuration);
  if (!read) {
    refuse(environment, read.error());
    return;
  }
  for (const std::string& warning : read->warnings) {
    environment.log.warning(warning);
  }
  if (settled_at_start(read->options) != settled_at_start(before->daemon)) {
    environment.log.warning(
        "socket, its owner, group and mode, user, log_target, log_format, [metrics] and [control] "
        "change with a restart only");
  }
  if (const auto warning = make_proof_keys(*read)) {
    environment.log.warning(*warning);
  }
  environment.replace_services(open_services(*std::move(read), before));
  environment.recorder.set_options(environment.services()->daemon.feedback);
  environment.recent_events.note_reload({environment.services()->now(), {}});
  environment.log.info("reloaded");
  tell_ready("serving, reloaded");
}

}  // namespace

void reload(Environment& environment, const std::string& configuration) {
  tell_reloading();
  try {
    take_over(environment, configuration);
  } catch (const std::exception& error) {  // systemd would wait for the end of the reload
    refuse(environment, {error.what()});
  }
}

}  // namespace sekisho::milter
