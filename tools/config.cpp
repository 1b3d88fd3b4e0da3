#include "tools/config.hpp"

#include "checkpoint/signing_services.hpp"
#include "config/load.hpp"
#include "dns/stub_resolver.hpp"
#include "tools/config_doubts.hpp"
#include "tools/configuration.hpp"
#include "tools/daemon_files.hpp"
#include "tools/dns_options.hpp"
#include "tools/host.hpp"
#include "tools/refusal.hpp"

#include <algorithm>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace sekisho::tools {

namespace {

struct Arguments {
  std::string config{default_configuration};
  std::string format = "text";
  bool dns = false;
};

std::string format_settings(const std::vector<config::Setting>& settings, const std::string& path) {
  std::string text;
  for (const config::Setting& setting : settings) {
    const std::string origin =
        setting.line == 0 ? "default" : path + ":" + std::to_string(setting.line);
    text += fmt::format("{} = {}  # {}\n", setting.name, setting.value, origin);
  }
  return text;
}

std::string format_settings_json(const std::vector<config::Setting>& settings,
                                 const std::string& path) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const config::Setting& setting : settings) {
    const bool is_default = setting.line == 0;
    list.push_back({{"name", setting.name},
                    {"value", setting.value},
                    {"origin", is_default ? "default" : "file"},
                    {"file", is_default ? nlohmann::json(nullptr) : nlohmann::json(path)},
                    {"line", is_default ? nlohmann::json(nullptr) : nlohmann::json(setting.line)}});
  }
  return list.dump(2) + "\n";
}

int show(const Arguments& arguments) {
  const auto settings = config::load_settings(arguments.config);
  if (!settings) {
    return complain("config show", {exit_failure, describe_problems(settings.error())});
  }
  std::cout << (arguments.format == "json" ? format_settings_json(*settings, arguments.config)
                                           : format_settings(*settings, arguments.config));
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

int check(const Arguments& arguments) {
  const auto options = load_configuration(arguments.config);
  if (!options) {
    return complain("config check", options.error());
  }
  if (options->socket.empty()) {
    return complain("config check", {exit_failure, arguments.config + ": socket: missing"});
  }
  std::vector<std::string> warnings = config::find_doubts(*options);
  const auto signing = checkpoint::open_signing(*options, warnings);
  if (!signing) {
    return complain("config check", {exit_failure, signing.error()});
  }
  const std::vector<std::string> files = files_of_daemon(arguments.config, *options);
  std::ranges::move(find_doubts_on(*options, files, look_at_host(options->user)),
                    std::back_inserter(warnings));
  if (arguments.dns) {
    std::ranges::move(ask_resolver(*options), std::back_inserter(warnings));
  }
  for (const std::string& warning : warnings) {
    std::cout << "warning: " << warning << '\n';
  }
  std::cout << arguments.config << ": in order\n";
  return exit_success;
}

void add_file_option(CLI::App& command, Arguments& arguments) {
  command.add_option("--config", arguments.config, "Configuration file")
      ->type_name("FILE")
      ->capture_default_str();
}

}  // namespace

void add_config(CLI::App& app, int& status) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* config = app.add_subcommand("config", "The configuration as it is in force");
  config->require_subcommand(1);
  CLI::App* showing =
      config->add_subcommand("show", "Print every option with its value and where it was set");
  add_file_option(*showing, *arguments);
  showing->add_option("--format", arguments->format, "How to print it")
      ->check(CLI::IsMember({"text", "json"}));
  showing->callback([arguments, &status] { status = show(*arguments); });
  CLI::App* checking =
      config->add_subcommand("check", "Say whether the daemon would take it, with its keys");
  add_file_option(*checking, *arguments);
  checking->add_flag("--dns", arguments->dns, "Ask the resolver a question, too");
  checking->callback([arguments, &status] { status = check(*arguments); });
}

}  // namespace sekisho::tools
