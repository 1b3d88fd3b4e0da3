#include "tools/key/rotation_run.hpp"

#include "dkim/signer.hpp"
#include "tools/cli/configuration.hpp"
#include "tools/cli/now_option.hpp"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <utility>

namespace sekisho::tools {

namespace {

using crypto::KeyType;

// Beyond the life of a signature, for clocks and caches.
constexpr std::chrono::days margin{1};
// For signatures without an end: longer than queues hold mail.
constexpr std::chrono::days endless_retention{30};

// What the rotation needs of the configuration.
struct Setting {
  std::vector<std::string> in_use;  // selectors
  std::chrono::seconds expiry = dkim::SignOptions().expiry;
  dns::Options dns;
};

// Without --config and --in-use the daemon's configuration counts, if there is one.
std::string configuration_of(const RotationArguments& arguments) {
  const std::string usual(default_configuration);
  const bool is_usual = arguments.config.empty() && arguments.in_use.empty();
  return is_usual && std::filesystem::exists(usual) ? usual : arguments.config;
}

std::expected<Setting, Refusal> read_setting(const RotationArguments& arguments,
                                             const mail::Domain& domain,
                                             std::string_view subcommand) {
  Setting setting{.in_use = arguments.in_use};
  if (const std::string path = configuration_of(arguments); !path.empty()) {
    auto options = load_configuration(path);
    if (!options) {
      return std::unexpected(std::move(options.error()));
    }
    const auto ring = load_keys(*options, subcommand);
    if (!ring) {
      return std::unexpected(ring.error());
    }
    for (const dkim::SigningKeyPtr& key : (*ring)->keys()) {
      if (key->domain == domain) {
        setting.in_use.push_back(key->selector);
      }
    }
    if (!options->arc.key_file.empty() && mail::Domain::parse(options->arc.domain) == domain) {
      setting.in_use.push_back(options->arc.selector);  // it seals
    }
    setting.expiry = options->signing.signature.expiry;
    setting.dns = std::move(options->dns);
  }
  if (arguments.expiry_days) {
    setting.expiry = std::chrono::days(*arguments.expiry_days);
  }
  return setting;
}

std::vector<KeyType> types_to_rotate(const RotationArguments& arguments,
                                     const std::vector<StoredKey>& stored) {
  if (!arguments.algorithm.empty()) {
    return {arguments.algorithm == "rsa" ? KeyType::rsa : KeyType::ed25519};
  }
  std::vector<KeyType> types;
  for (const KeyType type : {KeyType::rsa, KeyType::ed25519}) {
    if (std::ranges::any_of(stored,
                            [&](const StoredKey& one) { return one.key->key.type() == type; })) {
      types.push_back(type);
    }
  }
  return types.empty() ? std::vector{KeyType::rsa} : types;
}

RotationFacts gather_facts(const RotationArguments& arguments, const Setting& setting, KeyType type,
                           const std::vector<StoredKey>& stored, const dns::Lookups& lookups) {
  RotationFacts facts;
  facts.in_use = setting.in_use;
  facts.retention =
      (setting.expiry > std::chrono::seconds::zero() ? setting.expiry : endless_retention) + margin;
  facts.now = present_time(arguments.now);
  std::vector<dns::Task<keys::Publication>> checks;
  for (const StoredKey& one : stored) {
    if (one.key->key.type() == type) {
      facts.keys.push_back(one);
      checks.push_back(keys::check_publication(lookups, one.key));
    }
  }
  for (auto& check : checks) {
    facts.publications.push_back(check.get());
  }
  return facts;
}

}  // namespace

std::vector<RotatedKey> Rotation::all_keys() const {
  std::vector<RotatedKey> all;
  for (const RotatedKeys& each : by_type) {
    all.insert(all.end(), each.keys.begin(), each.keys.end());
  }
  return all;
}

void add_rotation_options(Command& command, RotationArguments& arguments) {
  command.argument("DOMAIN", arguments.domain, "Domain that signs (d=)").required();
  command.option("--config FILE", arguments.config,
                 "Configuration that signs; default without --in-use: /etc/sekisho/sekisho.toml");
  command.option("--in-use NAME", arguments.in_use,
                 "Selector of a key that signs now; may be repeated");
  command.choice("--algorithm", arguments.algorithm, {"rsa", "ed25519"},
                 "Only keys of this type; default: the types in use");
  command.option("--dir DIR", arguments.folder, "Folder of the keys; default: /etc/sekisho/keys");
  command.number("--expiry DAYS", arguments.expiry_days, {0, 366},
                 "Lifetime of a signature (x=); default: the configured one");
  add_now_option(command, arguments.now);
  command.choice("--format", arguments.format, {"text", "json"}, "Output format");
  add_dns_options(command, arguments.dns);
}

std::expected<Rotation, Refusal> look_at_rotation(const RotationArguments& arguments,
                                                  std::string_view subcommand) {
  const auto domain = mail::Domain::parse(arguments.domain);
  if (!domain) {
    return std::unexpected(Refusal{exit_usage, arguments.domain + ": not a domain name"});
  }
  const auto folder = key_folder(arguments.folder);
  if (!folder) {
    return std::unexpected(folder.error());
  }
  auto setting = read_setting(arguments, *domain, subcommand);
  if (!setting) {
    return std::unexpected(std::move(setting.error()));
  }
  auto resolver = open_resolver(arguments.dns, setting->dns);
  if (!resolver) {
    return std::unexpected(std::move(resolver.error()));
  }
  Rotation rotation{*domain, KeyStore(*folder, *domain), {}, present_time(arguments.now)};
  const auto stored = rotation.store.list();
  if (!stored) {
    return std::unexpected(stored.error());
  }
  if (stored->empty() && setting->in_use.empty()) {
    return std::unexpected(
        Refusal{exit_failure, "there is no key of " + domain->text() + " in " + *folder +
                                  ", and none is in use; make one with \"sekisho key generate " +
                                  domain->text() + "\""});
  }
  const dns::Lookups lookups = patient_lookups(*std::move(resolver));
  for (const KeyType type : types_to_rotate(arguments, *stored)) {
    rotation.by_type.push_back(
        {type, stages_of(gather_facts(arguments, *setting, type, *stored, lookups))});
  }
  return rotation;
}

}  // namespace sekisho::tools
