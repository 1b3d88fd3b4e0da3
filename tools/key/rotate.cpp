#include "dkim/signer.hpp"
#include "tools/cli/configuration.hpp"
#include "tools/cli/dns_options.hpp"
#include "tools/cli/now_option.hpp"
#include "tools/cli/subcommands.hpp"
#include "tools/key/rotation.hpp"
#include "tools/key/rotation_text.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sekisho::tools {

namespace {

using crypto::KeyType;

// Beyond the life of a signature, for clocks and caches.
constexpr std::chrono::days margin{1};
// For signatures without an end: longer than queues hold mail.
constexpr std::chrono::days endless_retention{30};

struct Arguments {
  std::string domain;
  std::string config;
  std::vector<std::string> in_use;
  std::string algorithm;
  std::size_t bits = 2048;
  std::string folder{default_key_folder};
  std::optional<std::int64_t> expiry_days;
  DnsArguments dns;
  bool dry_run = false;
  std::optional<std::int64_t> now;
  std::string format = "text";
};

// What the rotation needs of the configuration.
struct Setting {
  std::vector<std::string> in_use;  // selectors
  std::chrono::seconds expiry = dkim::SignOptions().expiry;
  dns::Options dns;
};

struct Report {
  mail::Domain domain;
  std::vector<RotatedKey> keys;
};

// Without --config and --in-use the daemon's configuration counts, if there is one.
std::string configuration_of(const Arguments& arguments) {
  const std::string usual(default_configuration);
  const bool is_usual = arguments.config.empty() && arguments.in_use.empty();
  return is_usual && std::filesystem::exists(usual) ? usual : arguments.config;
}

std::expected<Setting, Refusal> read_setting(const Arguments& arguments,
                                             const mail::Domain& domain) {
  Setting setting{.in_use = arguments.in_use};
  if (const std::string path = configuration_of(arguments); !path.empty()) {
    auto options = load_configuration(path);
    if (!options) {
      return std::unexpected(std::move(options.error()));
    }
    const auto ring = load_keys(*options, "key rotate");
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

std::vector<KeyType> types_to_rotate(const Arguments& arguments,
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

RotationFacts gather_facts(const Arguments& arguments, const Setting& setting, KeyType type,
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

std::expected<void, Refusal> note_retirements(const KeyStore& store,
                                              const std::vector<RotatedKey>& keys,
                                              std::chrono::sys_seconds now) {
  for (const RotatedKey& key : keys) {
    if (key.stage == KeyStage::retiring && !key.stored.retired) {
      if (auto noted = store.retire(key.stored, now); !noted) {
        return noted;
      }
    }
  }
  return {};
}

// As long as the longest that it can replace, at least.
std::size_t bits_of_next(const Arguments& arguments, const std::vector<RotatedKey>& keys) {
  std::size_t bits = arguments.bits;
  for (const RotatedKey& key : keys) {
    bits = std::max(bits, key.stored.key->key.bits());
  }
  return bits;
}

std::expected<RotatedKey, Refusal> make_next(const mail::Domain& domain, const KeyStore& store,
                                             KeyType type, std::size_t bits,
                                             std::chrono::sys_seconds now) {
  auto key = std::make_shared<const dkim::SigningKey>(domain, store.free_selector(type, now),
                                                      crypto::PrivateKey::generate(type, bits));
  auto file = store.write(*key);
  if (!file) {
    return std::unexpected(std::move(file.error()));
  }
  RotatedKey next;
  next.stored = {*std::move(file), std::move(key), now, std::nullopt};
  next.stage = KeyStage::made;
  next.publication.state = keys::PublicationState::missing;
  next.publication.reason = "just made";
  return next;
}

// Notes what retires, and makes the next key where it is time. `keys` are of one type, which take
// each other's place.
std::expected<void, Refusal> advance(const Arguments& arguments, const mail::Domain& domain,
                                     const KeyStore& store, KeyType type,
                                     std::vector<RotatedKey>& keys) {
  const auto now = present_time(arguments.now);
  if (auto noted = note_retirements(store, keys, now); !noted) {
    return noted;
  }
  if (wants_next(keys)) {
    auto next = make_next(domain, store, type, bits_of_next(arguments, keys), now);
    if (!next) {
      return std::unexpected(std::move(next.error()));
    }
    keys.insert(keys.begin(), *std::move(next));
  }
  return {};
}

std::expected<Report, Refusal> rotate(const Arguments& arguments) {
  const auto domain = mail::Domain::parse(arguments.domain);
  if (!domain) {
    return std::unexpected(Refusal{exit_usage, arguments.domain + ": not a domain name"});
  }
  auto setting = read_setting(arguments, *domain);
  if (!setting) {
    return std::unexpected(std::move(setting.error()));
  }
  auto resolver = open_resolver(arguments.dns, setting->dns);
  if (!resolver) {
    return std::unexpected(std::move(resolver.error()));
  }
  const KeyStore store(arguments.folder, *domain);
  const auto stored = store.list();
  if (!stored) {
    return std::unexpected(stored.error());
  }
  const dns::Lookups lookups = patient_lookups(*std::move(resolver));
  Report report{*domain, {}};
  for (const KeyType type : types_to_rotate(arguments, *stored)) {
    auto keys = stages_of(gather_facts(arguments, *setting, type, *stored, lookups));
    if (!arguments.dry_run) {
      if (auto done = advance(arguments, *domain, store, type, keys); !done) {
        return std::unexpected(std::move(done.error()));
      }
    }
    std::ranges::move(keys, std::back_inserter(report.keys));
  }
  return report;
}

int run(const Arguments& arguments) {
  const auto report = rotate(arguments);
  if (!report) {
    return complain("key rotate", report.error());
  }
  std::cout << (arguments.format == "json" ? format_rotation_json(report->domain, report->keys)
                                           : format_rotation_text(report->keys));
  return exit_success;
}

}  // namespace

void add_key_rotate(Command& key) {
  Command rotate = key.command(
      "rotate", "Replace a key step by step; each run prints the state and the next step");
  Arguments& arguments = rotate.runs(run);
  rotate.argument("DOMAIN", arguments.domain, "Domain that signs (d=)").required();
  rotate.option("--config FILE", arguments.config,
                "Configuration that signs; default without --in-use: /etc/sekisho/sekisho.toml");
  rotate.option("--in-use NAME", arguments.in_use,
                "Selector of a key that signs now; may be repeated");
  rotate.choice("--algorithm", arguments.algorithm, {"rsa", "ed25519"},
                "Rotate only keys of this type; default: the types in use");
  rotate.number("--bits", arguments.bits,
                {crypto::PrivateKey::min_rsa_bits, crypto::PrivateKey::max_rsa_bits},
                "Minimum size of a new RSA key; default: 2048");
  rotate.option("--dir DIR", arguments.folder, "Folder of the keys; default: /etc/sekisho/keys");
  rotate.number("--expiry DAYS", arguments.expiry_days, {0, 366},
                "Lifetime of a signature (x=); default: the configured one");
  rotate.flag("--dry-run", arguments.dry_run, "Only print the state of the rotation");
  add_now_option(rotate, arguments.now);
  rotate.choice("--format", arguments.format, {"text", "json"}, "Output format");
  add_dns_options(rotate, arguments.dns);
}

}  // namespace sekisho::tools
