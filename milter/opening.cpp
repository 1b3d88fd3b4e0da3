#include "milter/opening.hpp"

#include "config/load.hpp"

#include <utility>

namespace sekisho::milter {

namespace {

std::vector<std::string> messages_of(const std::vector<config::Problem>& problems) {
  std::vector<std::string> messages;
  messages.reserve(problems.size());
  for (const config::Problem& problem : problems) {
    messages.push_back(problem.message);
  }
  return messages;
}

}  // namespace

std::expected<Configuration, std::vector<std::string>> read_configuration(const std::string& path) {
  auto options = config::load(path);
  if (!options) {
    return std::unexpected(messages_of(options.error()));
  }
  if (options->socket.empty()) {
    return std::unexpected(
        std::vector{path + ": socket: missing; expected unix:PATH, inet:PORT@ADDRESS, " +
                    "inet6:PORT@ADDRESS or fd:N"});
  }
  Configuration configuration;
  configuration.warnings = config::find_doubts(*options);
  auto signing = checkpoint::open_signing(*options, configuration.warnings);
  if (!signing) {
    return std::unexpected(std::vector{std::move(signing).error()});
  }
  configuration.signing = *std::move(signing);
  configuration.options = *std::move(options);
  return configuration;
}

std::shared_ptr<checkpoint::Services> open_services(
    Configuration configuration, const std::shared_ptr<const checkpoint::Services>& before) {
  const bool same_dns = before && before->options.dns == configuration.options.dns;
  auto services = checkpoint::open_services(std::move(configuration.options),
                                            same_dns ? before->resolver : nullptr);
  services->signing = std::move(configuration.signing);
  services->signing.publications =
      before ? before->signing.publications : std::make_shared<keys::PublicationBoard>();
  services->signing.publications->enroll(services->signing.all_keys());
  return services;
}

}  // namespace sekisho::milter
