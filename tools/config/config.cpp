#include "config/load.hpp"
#include "config/source_files.hpp"
#include "config/start.hpp"
#include "dns/stub_resolver.hpp"
#include "tools/cli/configuration.hpp"
#include "tools/cli/dns_options.hpp"
#include "tools/cli/refusal.hpp"
#include "tools/cli/subcommands.hpp"
#include "tools/config/daemon_files.hpp"
#include "tools/config/daemon_view.hpp"
#include "tools/config/doubts.hpp"
#include "tools/config/faults.hpp"
#include "tools/config/host.hpp"

#include <algorithm>
#include <iostream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <unistd.h>

#include <fmt/core.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace sekisho::tools {

namespace {

struct Arguments {
  std::string config{default_configuration};
  std::string format = "text";
  bool dns = false;
};

std::string format_settings(const std::vector<config::Setting>& settings) {
  std::string text;
  for (const config::Setting& setting : settings) {
    const std::string origin =
        setting.line == 0 ? "default" : setting.file + ":" + std::to_string(setting.line);
    text += fmt::format("{} = {}  # {}\n", setting.name, setting.value, origin);
  }
  return text;
}

std::string format_settings_json(const std::vector<config::Setting>& settings) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const config::Setting& setting : settings) {
    const bool is_default = setting.line == 0;
    list.push_back({{"name", setting.name},
                    {"value", setting.value},
                    {"origin", is_default ? "default" : "file"},
                    {"file", is_default ? nlohmann::json(nullptr) : nlohmann::json(setting.file)},
                    {"line", is_default ? nlohmann::json(nullptr) : nlohmann::json(setting.line)}});
  }
  return list.dump(2) + "\n";
}

int show(const Arguments& arguments) {
  const auto settings = config::load_settings(arguments.config);
  if (!settings) {
    return complain("config show", {exit_failure, describe_problems(settings.error())});
  }
  std::cout << (arguments.format == "json" ? format_settings_json(*settings)
                                           : format_settings(*settings));
  return exit_success;
}

/// The question of --dns: the one of all checks that leaves the host.
std::vector<std::string> ask_resolver(const config::Options& options) {
  dns::Options settings = options.dns;
  settings.trust_ad = true;  // else the bit is not told, and whether it comes is the question
  const dns::Lookups lookups = patient_lookups(std::make_shared<dns::StubResolver>(settings));
  return doubt_resolver(lookups.lookup(probed_name, dns::RecordType::txt).get(),
                        options.dns.trust_ad);
}

/// Whom this process can check as: the daemon's user, if root asks and it is another.
std::optional<Person> person_to_check_as(const Host& host) {
  const bool is_another = host.daemon && host.daemon->user != 0;
  return geteuid() == 0 && is_another ? host.daemon : std::nullopt;
}

/// What the daemon would say. If root starts it by hand, it opens its sockets before it changes to
/// its user; the unit of systemd starts it as that user.
DaemonView view_as_daemon(const config::Options& options, const std::string& path,
                          const std::optional<Person>& person) {
  if (!person) {
    return view_configuration(path, /*opens_sockets=*/true);
  }
  const bool starts_as_user = config::has_unit();
  DaemonView view = view_as(*person, [&] { return view_configuration(path, starts_as_user); });
  if (!starts_as_user) {
    std::ranges::move(config::describe_faults(config::find_socket_faults(options), path),
                      std::back_inserter(view.errors));
  }
  return view;
}

/// In place of an error that a file's permissions cause: which they are, and what to do.
void explain_permissions(std::vector<std::string>& errors, const std::vector<std::string>& files,
                         const Host& host) {
  std::vector<std::string> explained;
  for (const std::string& file : files) {
    const auto names_it = [&](const std::string& error) { return error.contains(file); };
    if (std::ranges::none_of(errors, names_it)) {
      continue;
    }
    if (auto doubts = doubt_files({file}, host); !doubts.empty()) {
      std::erase_if(errors, names_it);
      std::ranges::move(doubts, std::back_inserter(explained));
    }
  }
  std::ranges::move(explained, std::back_inserter(errors));
}

/// What is certain to fail: with it, the daemon does not start or not do what is configured.
std::vector<std::string> find_errors(const config::Options& options, const std::string& path,
                                     const Host& host, std::vector<std::string>& warnings) {
  std::vector<config::Fault> faults = config::find_start_faults(options);
  std::ranges::move(find_identity_faults(options, host), std::back_inserter(faults));
  std::vector<std::string> errors = config::describe_faults(faults, path);
  const std::vector<std::string> files = files_of_daemon(path, options);
  const auto person = person_to_check_as(host);
  DaemonView view = view_as_daemon(options, path, person);
  explain_permissions(view.errors, files, host);
  std::ranges::move(view.errors, std::back_inserter(errors));
  std::ranges::move(view.warnings, std::back_inserter(warnings));
  if (!person && host.daemon && host.daemon->user != geteuid()) {
    std::ranges::move(doubt_files(files, host), std::back_inserter(warnings));
    warnings.push_back("not checked with the rights of " + host.daemon->name +
                       ", who runs the daemon; run this command as root");
  }
  return errors;
}

int check(const Arguments& arguments) {
  const auto options = load_configuration(arguments.config);
  if (!options) {
    return complain("config check", options.error());
  }
  std::vector<std::string> warnings = config::find_doubts(*options);
  for (const std::string& file : config::find_ignored_drop_ins(arguments.config)) {
    warnings.push_back(file + ": is not read, because its name does not end in .toml");
  }
  const Host host = look_at_host(options->user);
  if (const auto errors = find_errors(*options, arguments.config, host, warnings);
      !errors.empty()) {
    return complain("config check",
                    {exit_failure, fmt::format("{}: not in order\n{}", arguments.config,
                                               fmt::join(errors, "\n"))});
  }
  std::ranges::move(find_doubts_on(*options, host), std::back_inserter(warnings));
  if (arguments.dns) {
    std::ranges::move(ask_resolver(*options), std::back_inserter(warnings));
  }
  for (const std::string& warning : warnings) {
    std::cout << "warning: " << warning << '\n';
  }
  std::cout << arguments.config << ": in order\n";
  return exit_success;
}

void add_file_option(Command& command, Arguments& arguments) {
  command.option("--config FILE", arguments.config, "Configuration file").shows_default();
}

}  // namespace

void add_config(Command& sekisho) {
  Command config = sekisho.command("config", "Show and check the configuration");
  Command showing = config.command("show", "Print each option with its value and its source");
  Arguments& to_show = showing.runs(show);
  add_file_option(showing, to_show);
  showing.choice("--format", to_show.format, {"text", "json"}, "Output format");
  Command checking =
      config.command("check", "Check if the daemon would accept the configuration and its keys");
  Arguments& to_check = checking.runs(check);
  add_file_option(checking, to_check);
  checking.flag("--dns", to_check.dns, "Also send a question to the resolver");
}

}  // namespace sekisho::tools
