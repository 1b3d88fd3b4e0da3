#include "config/options.hpp"
#include "keys/proof_keys.hpp"
#include "tools/cli/configuration.hpp"
#include "tools/cli/refusal.hpp"
#include "tools/cli/subcommands.hpp"

#include <expected>
#include <iostream>
#include <string>
#include <utility>

#include <unistd.h>

namespace sekisho::tools {

namespace {

struct Arguments {
  std::string file;
  std::string config;
};

std::expected<std::string, Refusal> find_file(const Arguments& arguments) {
  if (!arguments.file.empty()) {
    return arguments.file;
  }
  if (arguments.config.empty()) {
    return config::Options{}.proof.key_file;
  }
  auto options = load_configuration(arguments.config);
  if (!options) {
    return std::unexpected(std::move(options).error());
  }
  if (options->proof.key_file.empty()) {
    return std::unexpected(Refusal{exit_failure, "proof.key_file is empty: there is no file"});
  }
  return options->proof.key_file;
}

int run(const Arguments& arguments) {
  const auto file = find_file(arguments);
  if (!file) {
    return complain("key proof", file.error());
  }
  const bool exists = access(file->c_str(), F_OK) == 0;
  const auto done =
      exists ? keys::rotate_proof_key_file(*file) : keys::create_proof_key_file(*file);
  if (!done) {
    return complain("key proof", Refusal{exit_failure, done.error()});
  }
  std::cout << *file
            << (exists ? ": has a new key in front; reload every daemon that uses it\n"
                       : ": made, with one key\n");
  return exit_success;
}

}  // namespace

void add_key_proof(Command& key) {
  Command proof = key.command("proof", "Add a new secret key to the file proof.key_file");
  Arguments& arguments = proof.runs(run);
  proof.option("--file FILE", arguments.file, "The file; created if it does not exist");
  proof.option("--config FILE", arguments.config, "Configuration that names the file");
}

}  // namespace sekisho::tools
