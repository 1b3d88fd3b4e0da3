#include "dkim/signer.hpp"
#include "tools/configuration.hpp"
#include "tools/dns_options.hpp"
#include "tools/key_record.hpp"
#include "tools/now_option.hpp"
#include "tools/rotation.hpp"
#include "tools/subcommands.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

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

// Keys of one algorithm take each other's place.
struct Rotation {
  KeyType type = KeyType::rsa;
  std::vector<RotatedKey> keys;
  bool is_new = false;  // the first of the keys was made by this run
};

struct Report {
  mail::Domain domain;
  std::vector<Rotation> rotations;
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

std::expected<void, Refusal> note_retirements(const KeyStore& store, const Rotation& rotation,
                                              std::chrono::sys_seconds now) {
  for (const RotatedKey& key : rotation.keys) {
    if (key.stage == KeyStage::retiring && !key.stored.retired) {
      if (auto noted = store.retire(key.stored, now); !noted) {
        return noted;
      }
    }
  }
  return {};
}

// As long as the longest that it can replace, at least.
std::size_t bits_of_next(const Arguments& arguments, const Rotation& rotation) {
  std::size_t bits = arguments.bits;
  for (const RotatedKey& key : rotation.keys) {
    bits = std::max(bits, key.stored.key->key.bits());
  }
  return bits;
}

std::expected<void, Refusal> make_next(const Arguments& arguments, const mail::Domain& domain,
                                       const KeyStore& store, Rotation& rotation) {
  const auto now = present_time(arguments.now);
  auto key = std::make_shared<const dkim::SigningKey>(
      domain, store.free_selector(rotation.type, now),
      crypto::PrivateKey::generate(rotation.type, bits_of_next(arguments, rotation)));
  auto file = store.write(*key);
  if (!file) {
    return std::unexpected(std::move(file.error()));
  }
  RotatedKey next;
  next.stored = {*std::move(file), std::move(key), now, std::nullopt};
  next.stage = KeyStage::made;
  next.publication.state = keys::PublicationState::missing;
  next.publication.reason = "just made";
  rotation.keys.insert(rotation.keys.begin(), std::move(next));
  rotation.is_new = true;
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
    Rotation rotation{type, stages_of(gather_facts(arguments, *setting, type, *stored, lookups)),
                      false};
    if (!arguments.dry_run) {
      if (auto noted = note_retirements(store, rotation, present_time(arguments.now)); !noted) {
        return std::unexpected(std::move(noted.error()));
      }
      if (wants_next(rotation.keys)) {
        if (auto made = make_next(arguments, *domain, store, rotation); !made) {
          return std::unexpected(std::move(made.error()));
        }
      }
    }
    report.rotations.push_back(std::move(rotation));
  }
  return report;
}

std::string publish_step(const RotatedKey& key) {
  const dkim::SigningKey& next = *key.stored.key;
  switch (key.publication.state) {
    case keys::PublicationState::unknown:
      return "The DNS gave no answer for " + next.record_name() + ": try again.\n";
    case keys::PublicationState::mismatch:
      return "The record at " + next.record_name() + " is wrong: " + key.publication.reason +
             ". Replace it, and run this again.\n\n" + format_record_page(next);
    case keys::PublicationState::missing:
    case keys::PublicationState::published:
      return "Publish the record of " + next.selector +
             ", and run this again when the DNS shows it.\n\n" + format_record_page(next);
  }
  std::unreachable();
}

std::string switch_step(const RotatedKey& key) {
  const dkim::SigningKey& next = *key.stored.key;
  return fmt::format(
      "The DNS shows {0}. Sign with it: in sekisho.toml put it in the place of the key that signs "
      "now,\n\n"
      "[[sign]]\ndomain = \"{1}\"\nselector = \"{0}\"\nkey_file = \"{2}\"\n\n"
      "or in OpenDKIM's KeyTable, behind the name of the key: {1}:{0}:{2}\n\n"
      "Then reload sekishod and run this again. Keep the old key and its record.\n",
      next.selector, next.domain.text(), key.stored.file);
}

std::string removal_step(const RotatedKey& key) {
  const std::string& file = key.stored.file;
  if (key.publication.state == keys::PublicationState::missing) {
    return "The record of " + key.stored.key->selector + " is gone. Delete " + file + ".\n";
  }
  return "Mail signed with " + key.stored.key->selector +
         " has arrived by now. Remove the record " + key.stored.key->record_name() +
         " from the DNS, then delete " + file + ".\n";
}

std::string step_for(const RotatedKey& key) {
  switch (key.stage) {
    case KeyStage::made:
      return publish_step(key);
    case KeyStage::published:
      return switch_step(key);
    case KeyStage::in_use:
      return key.publication.state == keys::PublicationState::published
                 ? ""
                 : "Mail is signed with " + key.stored.key->selector +
                       ", but the DNS does not show it: " + key.publication.reason + ".\n";
    case KeyStage::retiring:
      return "Keep " + key.stored.key->selector + " and its record until " +
             format_day(key.keep_until + std::chrono::days{1}) + ", for mail on its way.\n";
    case KeyStage::retired:
      return removal_step(key);
    case KeyStage::unused:
      return key.stored.key->selector + " was never used: it can be deleted, " + key.stored.file +
             ".\n";
  }
  std::unreachable();
}

std::string format_text(const Report& report) {
  std::string table;
  std::string steps;
  for (const Rotation& rotation : report.rotations) {
    for (const RotatedKey& key : rotation.keys) {
      const std::string& reason = key.publication.reason;
      table += fmt::format("{:<9}  {}  {} {}  in the DNS: {}{}\n", format_key_stage(key.stage),
                           key.stored.key->record_name(), format_key_type(rotation.type),
                           key.stored.key->key.bits(),
                           keys::format_publication_state(key.publication.state),
                           reason.empty() ? "" : ", " + reason);
      if (const std::string step = step_for(key); !step.empty()) {
        steps += "\n" + step;
      }
    }
  }
  return table + steps;
}

std::string format_json(const Report& report) {
  auto list = nlohmann::ordered_json::array();
  for (const Rotation& rotation : report.rotations) {
    for (const RotatedKey& key : rotation.keys) {
      auto description = describe_record(*key.stored.key);
      description["file"] = key.stored.file;
      description["stage"] = format_key_stage(key.stage);
      description["dns"] = keys::format_publication_state(key.publication.state);
      description["reason"] = key.publication.reason;
      description["keep_until"] = nullptr;
      if (key.stage == KeyStage::retiring || key.stage == KeyStage::retired) {
        description["keep_until"] = key.keep_until.time_since_epoch().count();
      }
      description["next"] = step_for(key);
      list.push_back(std::move(description));
    }
  }
  const nlohmann::ordered_json object = {{"domain", report.domain.text()}, {"keys", list}};
  return object.dump(2) + "\n";
}

int run(const Arguments& arguments) {
  const auto report = rotate(arguments);
  if (!report) {
    return complain("key rotate", report.error());
  }
  std::cout << (arguments.format == "json" ? format_json(*report) : format_text(*report));
  return exit_success;
}

}  // namespace

void add_key_rotate(Command& key) {
  Command rotate = key.command(
      "rotate", "Replace a key step by step: each run tells where that stands and what is next");
  Arguments& arguments = rotate.runs(run);
  rotate.argument("DOMAIN", arguments.domain, "Domain that signs (d=)").required();
  rotate.option("--config FILE", arguments.config,
                "Configuration that signs; without it, and without --in-use, "
                "/etc/sekisho/sekisho.toml");
  rotate.option("--in-use NAME", arguments.in_use,
                "Selector of a key that signs now; may be repeated");
  rotate.choice("--algorithm", arguments.algorithm, {"rsa", "ed25519"},
                "Only these keys; without it those that are");
  rotate.number("--bits", arguments.bits,
                {crypto::PrivateKey::min_rsa_bits, crypto::PrivateKey::max_rsa_bits},
                "Of a new RSA key, at least; 2048 without it");
  rotate.option("--dir DIR", arguments.folder, "Folder of the keys, /etc/sekisho/keys without it");
  rotate.number("--expiry DAYS", arguments.expiry_days, {0, 366},
                "Life of a signature (x=); as configured without it");
  rotate.flag("--dry-run", arguments.dry_run, "Only tell where the rotation stands");
  add_now_option(rotate, arguments.now);
  rotate.choice("--format", arguments.format, {"text", "json"}, "How to print it");
  add_dns_options(rotate, arguments.dns);
}

}  // namespace sekisho::tools
