#include "milter/process/load_services.hpp"

#include "config/load.hpp"
#include "config/start.hpp"
#include "mail/line_ends.hpp"
#include "milter/process/privileges.hpp"
#include "milter/session/own_addresses.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include <unistd.h>

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

std::expected<std::shared_ptr<const keys::ProofKeys>, std::string> read_proof_keys(
    const std::string& path) {
  if (path.empty() || access(path.c_str(), F_OK) != 0) {
    return nullptr;
  }
  auto keys = keys::ProofKeys::read(path);
  if (!keys) {
    return std::unexpected("proof.key_file: " + keys.error());
  }
  return std::make_shared<const keys::ProofKeys>(*std::move(keys));
}

// What root can read now, that user may not later.
std::optional<uid_t> find_later_user(const config::Options& options) {
  if (!is_root() || options.user.empty()) {
    return std::nullopt;
  }
  const auto identity = find_identity(options.user);
  return identity ? std::optional(identity->user) : std::nullopt;
}

}  // namespace

std::expected<Configuration, std::vector<std::string>> read_configuration(
    const std::string& path, KeyFilesToRead key_files) {
  auto options = config::load(path);
  if (!options) {
    return std::unexpected(messages_of(options.error()));
  }
  if (auto faults = config::describe_faults(config::find_start_faults(*options), path);
      !faults.empty()) {
    return std::unexpected(std::move(faults));
  }
  options->signing.keys.read_all_at_once = key_files == KeyFilesToRead::all;
  options->signing.keys.later_user = find_later_user(*options);
  Configuration configuration;
  configuration.warnings = config::find_doubts(*options);
  auto signing = checkpoint::open_signing(*options, configuration.warnings);
  if (!signing) {
    return std::unexpected(mail::lines_of(signing.error()));
  }
  auto proof_keys = read_proof_keys(options->proof.key_file);
  if (!proof_keys) {
    return std::unexpected(std::vector{proof_keys.error()});
  }
  configuration.signing = *std::move(signing);
  configuration.proof_keys = *std::move(proof_keys);
  configuration.options = *std::move(options);
  return configuration;
}

std::optional<std::string> make_proof_keys(Configuration& configuration) {
  const std::string& path = configuration.options.proof.key_file;
  if (path.empty() || configuration.proof_keys) {
    return std::nullopt;
  }
  const std::string consequence =
      "; results of ours are proved with a key that ends with this process";
  if (const auto made = keys::create_proof_key_file(path); !made) {
    return "proof.key_file: " + made.error() + consequence;
  }
  auto keys = read_proof_keys(path);
  if (!keys) {
    return keys.error() + consequence;
  }
  configuration.proof_keys = *std::move(keys);
  return std::nullopt;
}

std::shared_ptr<Services> open_services(Configuration configuration,
                                        const std::shared_ptr<const Services>& before) {
  config::DaemonOptions daemon(std::move(configuration.options));
  checkpoint::Options options(std::move(configuration.options));
  options.spf.keep_records = daemon.failure.enabled;  // SPF-DNS (RFC 6591 §3.2.6)
  const bool same_dns = before && before->options.dns == options.dns;
  auto services = std::make_shared<Services>(
      Services{checkpoint::make_services(std::move(options), same_dns ? before->resolver : nullptr),
               std::move(daemon)});
  services->keep_headers = services->daemon.failure.enabled;
  services->daemon.feedback.reads_sent =
      services->options.preflight.count && services->options.preflight.loaded_rules != nullptr;
  if (before && before->options.dkim.max_rsa_bits == services->options.dkim.max_rsa_bits) {
    services->key_records = before->key_records;
  }
  if (configuration.proof_keys) {
    services->proof_keys = std::move(configuration.proof_keys);
  } else if (before) {
    services->proof_keys = before->proof_keys;
  }
  std::ranges::copy(own_addresses(), std::back_inserter(services->inside));
  if (before) {
    services->good_clients = before->good_clients;
    services->sent = before->sent;
  }
  services->signing = std::move(configuration.signing);
  services->signing.publications =
      before ? before->signing.publications : std::make_shared<keys::PublicationBoard>();
  services->signing.publications->enroll(services->signing.all_keys());
  return services;
}

}  // namespace sekisho::milter
