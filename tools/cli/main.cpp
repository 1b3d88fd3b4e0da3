// The command `sekisho`: one subcommand a file, each thin over the library.
#include "tools/cli/exit_status.hpp"
#include "tools/cli/subcommands.hpp"

#include <exception>
#include <iostream>

namespace sekisho::tools {
namespace {

int run(int argc, char** argv) {
  CommandLine command_line(
      "sekisho",
      "Checks, signs and seals mail, manages keys and reports: SPF, DKIM, DMARC and ARC.",
      SEKISHO_VERSION);
  Command& sekisho = command_line.program();
  add_check(sekisho);
  add_seal(sekisho);
  add_sign(sekisho);
  add_config(sekisho);
  add_key(sekisho);
  add_domain(sekisho);
  add_migrate(sekisho);
  add_preflight(sekisho);
  add_report(sekisho);
  add_setup(sekisho);
  add_status(sekisho);
  add_tlsa(sekisho);
  add_why(sekisho);
  return command_line.run(argc, argv);
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
