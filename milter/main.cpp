// sekishod: command line and configuration.
#include "checkpoint/services.hpp"
#include "config/load.hpp"
#include "config/socket.hpp"
#include "milter/daemon.hpp"

#include <cstdlib>
#include <exception>
#include <iostream>
#include <optional>
#include <string>
#include <utility>

#include <CLI/CLI.hpp>

namespace {

using namespace sekisho;

constexpr int exit_usage = 2;

struct CommandLine {
  std::string configuration = "/etc/sekisho/sekisho.toml";
  bool only_test = false;
};

std::optional<config::Options> read_configuration(const std::string& path) {
  auto options = config::load(path);
  if (!options) {
    for (const config::Problem& problem : options.error()) {
      std::cerr << problem.message << '\n';
    }
    return std::nullopt;
  }
  if (options->socket.empty()) {
    std::cerr << path << ": socket: missing; expected unix:PATH, inet:PORT@ADDRESS, "
              << "inet6:PORT@ADDRESS or fd:N\n";
    return std::nullopt;
  }
  return *std::move(options);
}

/// Does not return: see serve().
[[noreturn]] void run(config::Options options) {
  milter::block_signals();
  const auto socket = config::parse_socket(options.socket);
  auto listener = milter::Listener::open(socket.value());
  milter::Environment environment{nullptr, milter::Log(options.log_target), {}};
  if (!listener) {
    environment.log.error(listener.error());
    std::quick_exit(EXIT_FAILURE);
  }
  environment.services = checkpoint::open_services(std::move(options));
  const int status = milter::serve(environment, *listener);
  listener->remove_path();
  std::quick_exit(status);
}

int start(const CommandLine& command_line) {
  auto options = read_configuration(command_line.configuration);
  if (!options) {
    return EXIT_FAILURE;
  }
  if (command_line.only_test) {
    std::cout << command_line.configuration << ": good\n";
    return EXIT_SUCCESS;
  }
  run(*std::move(options));
}

}  // namespace

int main(int argc, char** argv) {
  try {
    CommandLine command_line;
    CLI::App app("A milter that authenticates mail (SPF, DKIM, DMARC). Runs in the foreground.",
                 "sekishod");
    app.set_version_flag("--version", "sekishod " SEKISHO_VERSION);
    app.add_option("-c,--config", command_line.configuration, "Configuration file")
        ->type_name("FILE")
        ->capture_default_str();
    app.add_flag("-t,--test", command_line.only_test, "Check the configuration and exit");
    try {
      app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
      return app.exit(error) == 0 ? EXIT_SUCCESS : exit_usage;
    }
    return start(command_line);
  } catch (const std::exception& error) {
    std::cerr << "sekishod: " << error.what() << '\n';
    return EXIT_FAILURE;
  }
}
