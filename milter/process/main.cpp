// sekishod: command line and configuration.
#include "config/socket.hpp"
#include "config/start.hpp"
#include "milter/process/daemon.hpp"
#include "milter/process/listeners.hpp"
#include "milter/process/load_services.hpp"
#include "milter/process/privileges.hpp"
#include "milter/process/reload_request.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <expected>
#include <iostream>
#include <iterator>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <malloc.h>
#include <sys/types.h>

#include <CLI/CLI.hpp>

namespace {

using namespace sekisho;

constexpr int exit_usage = 2;
constexpr int exit_restart_needed = 3;

struct CommandLine {
  std::string configuration = "/etc/sekisho/sekisho.toml";
  bool only_test = false;
  std::optional<pid_t> to_reload;
};

/// Who the daemon is to be, and whose its socket.
struct Roles {
  std::optional<milter::Identity> identity;  ///< None: who started it.
  milter::Access access;
};

std::expected<Roles, config::Fault> find_roles(const config::Options& options) {
  Roles roles;
  roles.access.mode = config::parse_permissions(options.socket_mode).value_or(roles.access.mode);
  if (!options.user.empty()) {
    auto identity = milter::find_identity(options.user);
    if (!identity) {
      return std::unexpected(config::Fault{"user", identity.error()});
    }
    roles.access.owner = identity->user;
    roles.access.other_group = identity->group;
    roles.identity = *std::move(identity);
  }
  if (!options.socket_owner.empty()) {
    const auto owner = milter::find_identity(options.socket_owner);
    if (!owner) {
      return std::unexpected(config::Fault{"socket_owner", owner.error()});
    }
    roles.access.owner = owner->user;
  }
  if (!options.socket_group.empty()) {
    const auto group = milter::find_group(options.socket_group);
    if (!group) {
      return std::unexpected(config::Fault{"socket_group", group.error()});
    }
    roles.access.group = *group;
  }
  return roles;
}

std::expected<void, std::string> give_up_rights(const Roles& roles, const milter::Log& log) {
  if (roles.identity) {
    return milter::become(*roles.identity);
  }
  if (milter::is_root()) {
    log.warning("runs as root: the option user names whom to become");
    return {};
  }
  return milter::renounce_capabilities();
}

/// What root could read, its user may not.
void foretell_reload(const std::string& configuration, const milter::Log& log) {
  const auto again = milter::read_configuration(configuration);
  if (!again) {
    log.warning("a reload would be refused: " + again.error().front());
  }
}

/// Whoever starts it by hand is told, too, where the log goes elsewhere.
[[noreturn]] void give_up(const milter::Log& log, config::LogTarget target,
                          const std::string& why) {
  log.error(why);
  if (target != config::LogTarget::standard_error) {
    std::cerr << "sekishod: " << why << '\n';
  }
  std::quick_exit(EXIT_FAILURE);
}

/// Does not return: see serve().
[[noreturn]] void run(const std::string& path, milter::Configuration configuration,
                      const Roles& roles) {
  const config::Options& options = configuration.options;
  const milter::Log log(options.log_target, options.log_format);
  for (const std::string& warning : configuration.warnings) {
    log.warning(warning);
  }
  const bool was_root = milter::is_root();
  auto listeners = milter::open_listeners(options, roles.access);
  if (!listeners) {
    give_up(log, options.log_target, listeners.error());
  }
  if (const auto given_up = give_up_rights(roles, log); !given_up) {
    listeners->remove_paths();
    give_up(log, options.log_target, given_up.error());
  }
  if (was_root && !milter::is_root()) {
    foretell_reload(path, log);
  }
  if (const auto warning = milter::make_proof_keys(configuration)) {
    log.warning(*warning);
  }
  milter::Environment environment(milter::open_services(std::move(configuration)), log);
  const int status = milter::serve(environment, *listeners, path);
  listeners->remove_paths();
  std::quick_exit(status);
}

/// What keeps a daemon of this configuration from starting or from writing, found with the rights
/// that it will have. Changes to its user for good.
std::vector<std::string> find_problems(const std::string& path, const config::Options& options,
                                       const Roles& roles) {
  auto problems = config::describe_faults(config::find_socket_faults(options), path);
  const bool becomes_another = milter::is_root() && roles.identity;
  if (becomes_another) {
    if (const auto became = milter::become(*roles.identity); !became) {
      return {became.error()};
    }
    if (const auto again = milter::read_configuration(path, milter::KeyFilesToRead::all); !again) {
      std::ranges::copy(again.error(), std::back_inserter(problems));
    }
  }
  std::ranges::move(config::describe_faults(config::find_store_faults(options), path),
                    std::back_inserter(problems));
  return problems;
}

int refuse(const std::vector<std::string>& problems) {
  for (const std::string& problem : problems) {
    std::cerr << problem << '\n';
  }
  return EXIT_FAILURE;
}

/// glibc would have eight heaps a core, each of which keeps what it needed at its busiest.
void bound_heaps() {
  if (const unsigned int cores = std::thread::hardware_concurrency(); cores > 0) {
    mallopt(M_ARENA_MAX, static_cast<int>(cores));
  }
}

/// Has the running daemon reload, and says how that ended.
int reload(pid_t daemon) {
  constexpr std::chrono::seconds patience{60};
  const auto answer = milter::request_reload(daemon, patience);
  if (!answer) {
    return refuse({"sekishod: not reloaded: " + answer.error()});
  }
  static_cast<void>(refuse(answer->lines));
  switch (answer->kind) {
    case milter::ReloadAnswer::Kind::reloaded:
      return EXIT_SUCCESS;
    case milter::ReloadAnswer::Kind::restart_needed:
      return exit_restart_needed;
    case milter::ReloadAnswer::Kind::refused:
      return refuse({"not reloaded: the previous configuration and keys stay in use"});
  }
  std::unreachable();
}

int start(const CommandLine& command_line) {
  bound_heaps();
  milter::block_signals();
  milter::raise_descriptor_limit();
  auto configuration = milter::read_configuration(
      command_line.configuration,
      command_line.only_test ? milter::KeyFilesToRead::all : milter::KeyFilesToRead::as_needed);
  if (!configuration) {
    return refuse(configuration.error());
  }
  const auto roles = find_roles(configuration->options);
  if (!roles) {
    return refuse(config::describe_faults({roles.error()}, command_line.configuration));
  }
  if (!command_line.only_test) {
    run(command_line.configuration, *std::move(configuration), *roles);
  }
  if (const auto problems =
          find_problems(command_line.configuration, configuration->options, *roles);
      !problems.empty()) {
    return refuse(problems);
  }
  for (const std::string& warning : configuration->warnings) {
    std::cerr << warning << '\n';
  }
  std::cout << command_line.configuration << ": good\n";
  return EXIT_SUCCESS;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    CommandLine command_line;
    CLI::App app(
        "A milter that authenticates mail (iprev, SPF, DKIM, DMARC, ARC), and signs and seals it. "
        "Runs in the foreground.",
        "sekishod");
    app.set_version_flag("--version", "sekishod " SEKISHO_VERSION);
    app.add_option("-c,--config", command_line.configuration, "Configuration file")
        ->type_name("FILE")
        ->capture_default_str();
    app.add_flag("-t,--test", command_line.only_test, "Check the configuration and exit");
    app.add_option("--reload", command_line.to_reload,
                   "Have the daemon with this process number reload, print the outcome and exit")
        ->type_name("PID")
        ->check(CLI::PositiveNumber);
    try {
      app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
      return app.exit(error) == 0 ? EXIT_SUCCESS : exit_usage;
    }
    return command_line.to_reload ? reload(*command_line.to_reload) : start(command_line);
  } catch (const std::exception& error) {
    std::cerr << "sekishod: " << error.what() << '\n';
    return EXIT_FAILURE;
  }
}
