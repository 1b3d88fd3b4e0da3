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

std::expected<Opened, std::vector<std::string>> open_services(
    const std::string& path, const std::shared_ptr<const checkpoint::Services>& before) {
  auto options = config::load(path);
  if (!options) {
    return std::unexpected(messages_of(options.error()));
  }
  if (options->socket.empty()) {
    return std::unexpected(
        std::vector{path + ": socket: missing; expected unix:PATH, inet:PORT@ADDRESS, " +
                    "inet6:PORT@ADDRESS or fd:N"});
  }
  Opened opened;
  opened.warnings = config::find_doubts(*options);
  auto signing = checkpoint::open_signing(*options, opened.warnings);
  if (!signing) {
    return std::unexpected(std::vector{std::move(signing).error()});
  }
  const bool same_dns = before && before->options.dns == options->dns;
  opened.services =
      checkpoint::open_services(*std::move(options), same_dns ? before->resolver : nullptr);
  signing->publications =
      before ? before->signing.publications : std::make_shared<keys::PublicationBoard>();
  signing->publications->enroll(signing->all_keys());
  opened.services->signing = *std::move(signing);
  return opened;
}

}  // namespace sekisho::milter
