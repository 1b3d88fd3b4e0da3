#include "checkpoint/signing_services.hpp"
#include "keys/distinct_keys.hpp"
#include "keys/key_file.hpp"
#include "keys/publication.hpp"
#include "tools/cli/configuration.hpp"
#include "tools/cli/dns_options.hpp"
#include "tools/cli/subcommands.hpp"
#include "tools/key/record.hpp"
#include "tools/sign/signing_keys.hpp"

#include <algorithm>
#include <expected>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include <unistd.h>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

namespace sekisho::tools {

namespace {

using keys::PublicationState;

struct Arguments {
  std::string domain;
  std::string config;
  KeyArguments keys;
  DnsArguments dns;
  std::string format = "text";
};

struct CheckedKey {
  dkim::SigningKeyPtr key;
  keys::Publication publication;
};

// The keys to check, and how the DNS is asked.
struct ToCheck {
  std::vector<dkim::SigningKeyPtr> keys;
  dns::Options dns;
};

void warn(const std::vector<std::string>& warnings) {
  for (const std::string& warning : warnings) {
    std::cerr << "sekisho key check: " << warning << '\n';
  }
}

std::expected<ToCheck, Refusal> task_of_command_line(const Arguments& arguments) {
  std::vector<std::string> warnings;
  auto keys = read_signing_keys(arguments.keys, warnings);
  if (!keys) {
    return std::unexpected(std::move(keys.error()));
  }
  warn(warnings);
  return ToCheck{*std::move(keys), {}};
}

std::expected<ToCheck, Refusal> task_of_configuration(const std::string& path) {
  auto options = load_configuration(path);
  if (!options) {
    return std::unexpected(std::move(options.error()));
  }
  const auto ring = load_keys(*options, "key check");
  if (!ring) {
    return std::unexpected(ring.error());
  }
  ToCheck task{(*ring)->keys(), std::move(options->dns)};
  if (!options->arc.key_file.empty()) {
    auto seal_key = checkpoint::open_seal_key(*options);
    if (!seal_key) {
      return std::unexpected(Refusal{exit_failure, std::move(seal_key.error())});
    }
    task.keys.push_back(*std::move(seal_key));
  }
  if (task.keys.empty()) {
    return std::unexpected(Refusal{exit_failure, path + ": no key signs"});
  }
  return task;
}

std::expected<ToCheck, Refusal> gather(const Arguments& arguments) {
  const bool is_named = names_a_key(arguments.keys);
  if (is_named && !arguments.config.empty()) {
    return std::unexpected(Refusal{exit_usage, "--config and --key tell the keys in two ways"});
  }
  auto task =
      is_named ? task_of_command_line(arguments)
               : task_of_configuration(arguments.config.empty() ? std::string(default_configuration)
                                                                : arguments.config);
  if (!task) {
    return task;
  }
  std::vector<std::string> warnings;
  task->keys = keys::distinct_keys(std::move(task->keys), warnings);
  warn(warnings);
  if (arguments.domain.empty()) {
    return task;
  }
  const auto domain = mail::Domain::parse(arguments.domain);
  if (!domain) {
    return std::unexpected(Refusal{exit_usage, arguments.domain + ": not a domain name"});
  }
  std::erase_if(task->keys, [&](const dkim::SigningKeyPtr& key) { return key->domain != *domain; });
  if (task->keys.empty()) {
    return std::unexpected(Refusal{exit_failure, "no key signs for " + domain->text()});
  }
  return task;
}

std::expected<std::vector<CheckedKey>, Refusal> check(const Arguments& arguments) {
  auto task = gather(arguments);
  if (!task) {
    return std::unexpected(std::move(task.error()));
  }
  auto resolver = open_resolver(arguments.dns, std::move(task->dns));
  if (!resolver) {
    return std::unexpected(std::move(resolver.error()));
  }
  const dns::Lookups lookups = patient_lookups(*std::move(resolver));
  std::vector<dns::Task<keys::Publication>> checks;
  for (const dkim::SigningKeyPtr& key : task->keys) {
    checks.push_back(keys::check_publication(lookups, key));
  }
  std::vector<CheckedKey> checked;
  for (std::size_t i = 0; i < checks.size(); ++i) {
    checked.push_back({task->keys[i], checks[i].get()});
  }
  return checked;
}

std::string_view colour_of(PublicationState state) {
  switch (state) {
    case PublicationState::published:
      return "\x1b[32m";
    case PublicationState::unknown:
      return "\x1b[33m";
    case PublicationState::missing:
    case PublicationState::mismatch:
      return "\x1b[31m";
  }
  std::unreachable();
}

std::string remarks_on(const CheckedKey& checked) {
  std::string remarks = checked.publication.reason;
  if (const auto weakness = keys::weakness_of(checked.key->key)) {
    remarks += (remarks.empty() ? "" : "; ") + *weakness;
  }
  return remarks;
}

std::string format_text(const std::vector<CheckedKey>& checked, bool in_colour) {
  std::string page;
  for (const CheckedKey& one : checked) {
    const std::string_view state = keys::format_publication_state(one.publication.state);
    const std::string remarks = remarks_on(one);
    page += fmt::format(
        "{}{:<9}{}  {}  {} {}{}{}\n", in_colour ? colour_of(one.publication.state) : "", state,
        in_colour ? "\x1b[0m" : "", one.key->record_name(), format_key_type(one.key->key.type()),
        one.key->key.bits(), remarks.empty() ? "" : ": ", remarks);
  }
  return page;
}

std::string format_json(const std::vector<CheckedKey>& checked) {
  auto list = nlohmann::ordered_json::array();
  for (const CheckedKey& one : checked) {
    const keys::Publication& publication = one.publication;
    list.push_back({{"domain", one.key->domain.text()},
                    {"selector", one.key->selector},
                    {"record_name", one.key->record_name()},
                    {"algorithm", format_key_type(one.key->key.type())},
                    {"bits", one.key->key.bits()},
                    {"state", keys::format_publication_state(publication.state)},
                    {"reason", remarks_on(one)},
                    {"records", publication.records},
                    {"revoked", publication.is_revoked},
                    {"testing", publication.is_testing},
                    {"forbids_subdomains", publication.forbids_subdomains}});
  }
  return list.dump(2) + "\n";
}

// What the DNS denies weighs more than what it did not answer.
int status_of(const std::vector<CheckedKey>& checked) {
  int status = exit_success;
  for (const CheckedKey& one : checked) {
    switch (one.publication.state) {
      case PublicationState::published:
        break;
      case PublicationState::unknown:
        status = status == exit_success ? exit_no_answer : status;
        break;
      case PublicationState::missing:
      case PublicationState::mismatch:
        status = exit_unpublished;
        break;
    }
  }
  return status;
}

int run(const Arguments& arguments) {
  const auto checked = check(arguments);
  if (!checked) {
    return complain("key check", checked.error());
  }
  std::cout << (arguments.format == "json" ? format_json(*checked)
                                           : format_text(*checked, isatty(STDOUT_FILENO) != 0));
  return status_of(*checked);
}

}  // namespace

void add_key_check(Command& key) {
  Command check = key.command("check", "Check if the records of the keys are in the DNS");
  Arguments& arguments = check.runs(run);
  check.argument("DOMAIN", arguments.domain, "Only the keys of this domain (d=)");
  check.option("--config FILE", arguments.config,
               "Configuration that signs; default: /etc/sekisho/sekisho.toml");
  add_key_options(check, arguments.keys);
  add_dns_options(check, arguments.dns);
  check.choice("--format", arguments.format, {"text", "json"}, "Output format");
}

}  // namespace sekisho::tools
