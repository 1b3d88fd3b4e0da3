// The command `sekisho`: one subcommand a file, each thin over the library.
#include "tools/check.hpp"
#include "tools/config.hpp"
#include "tools/exit_status.hpp"
#include "tools/key.hpp"
#include "tools/migrate.hpp"
#include "tools/report.hpp"
#include "tools/seal.hpp"
#include "tools/sign.hpp"
#include "tools/status.hpp"

#include <exception>
#include <iostream>

#include <CLI/CLI.hpp>

namespace sekisho::tools {
namespace {

int run(int argc, char** argv) {
  CLI::App app{"Reads the papers of mail: SPF, DKIM, DMARC and ARC.", "sekisho"};
  app.set_version_flag("--version", "sekisho " SEKISHO_VERSION);
  app.require_subcommand(1);
  app.failure_message(CLI::FailureMessage::simple);

  int status = exit_success;
  add_check(app, status);
  add_seal(app, status);
  add_sign(app, status);
  add_config(app, status);
  add_key(app, status);
  add_migrate(app, status);
  add_report(app, status);
  add_status(app, status);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? exit_success : exit_usage;
  }
  return status;
}

}  // namespace
}  // namespace sekisho::tools

int main(int argc, char** argv) {
  try {
    return sekisho::tools::run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "sekisho: " << error.what() << '\n';
    return sekisho::tools::exit_failure;
  }
}
