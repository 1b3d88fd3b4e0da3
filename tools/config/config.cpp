#include "checkpoint/signing_services.hpp"
#include "config/load.hpp"
#include "config/source_files.hpp"
#include "dns/stub_resolver.hpp"
#include "tools/cli/configuration.hpp"
#include "tools/cli/dns_options.hpp"
#include "tools/cli/refusal.hpp"
#include "tools/cli/subcommands.hpp"
#include "tools/config/daemon_files.hpp"
#include "tools/config/doubts.hpp"
#include "tools/config/host.hpp"

#include <algorithm>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include <fmt/core.h>
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

int check(const Arguments& arguments) {
  auto options = load_configuration(arguments.config);
  if (!options) {
    return complain("config check", options.error());
  }
  options->signing.keys.read_all_at_once = true;
  if (options->socket.empty()) {
    return complain("config check", {exit_failure, arguments.config + ": socket: missing"});
  }
  std::vector<std::string> warnings = config::find_doubts(*options);
  for (const std::string& file : config::find_ignored_drop_ins(arguments.config)) {
    warnings.push_back(file + ": is not read, because its name does not end in .toml");
  }
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
