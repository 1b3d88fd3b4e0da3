#include "tools/cli/configuration.hpp"

#include <iostream>
#include <utility>
#include <vector>

namespace sekisho::tools {

std::string describe_problems(const std::vector<config::Problem>& problems) {
  std::string message = "the configuration is not valid";
  for (const config::Problem& problem : problems) {
    message += "\n" + problem.message;
  }
  return message;
}

std::expected<config::Options, Refusal> load_configuration(const std::string& path) {
  auto loaded = config::load(path);
  if (!loaded) {
    return std::unexpected(Refusal{exit_failure, describe_problems(loaded.error())});
  }
  return *std::move(loaded);
}

std::expected<std::shared_ptr<const keys::KeyRing>, Refusal> load_keys(
    const config::Options& options, std::string_view subcommand) {
  std::vector<std::string> problems;
  keys::Options wanted = options.signing.keys;
  wanted.read_all_at_once = true;
  auto ring = keys::KeyRing::load(wanted, problems);
  for (const std::string& problem : problems) {
    std::cerr << "sekisho " << subcommand << ": " << problem << '\n';
  }
  if (!ring) {
    return std::unexpected(Refusal{exit_failure, std::move(ring.error())});
  }
  return *std::move(ring);
}

}  // namespace sekisho::tools
