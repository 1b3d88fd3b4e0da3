// sekishod: command line and configuration.
#include "config/socket.hpp"
#include "milter/daemon.hpp"
#include "milter/opening.hpp"

#include <cstdlib>
#include <exception>
#include <iostream>
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

/// Does not return: see serve().
[[noreturn]] void run(const std::string& configuration, milter::Opened opened) {
  const config::Options& options = opened.services->options;
  const milter::Log log(options.log_target);
  for (const std::string& warning : opened.warnings) {
    log.warning(warning);
  }
  auto listener = milter::Listener::open(config::parse_socket(options.socket).value());
  if (!listener) {
    log.error(listener.error());
    std::quick_exit(EXIT_FAILURE);
  }
  milter::Environment environment(std::move(opened.services), log);
  const int status = milter::serve(environment, *listener, configuration);
  listener->remove_path();
  std::quick_exit(status);
}

int start(const CommandLine& command_line) {
  milter::block_signals();
  auto opened = milter::open_services(command_line.configuration);
  if (!opened) {
    for (const std::string& problem : opened.error()) {
      std::cerr << problem << '\n';
    }
    return EXIT_FAILURE;
  }
  if (!command_line.only_test) {
    run(command_line.configuration, *std::move(opened));
  }
  for (const std::string& warning : opened->warnings) {
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
