// Looks at the host: everything that setup has to know, as one value.
#pragma once

#include "tools/cli/command_runner.hpp"
#include "tools/cli/refusal.hpp"
#include "tools/setup/dns_facts.hpp"
#include "tools/setup/facts.hpp"
#include "tools/setup/other_milters.hpp"

#include <chrono>
#include <expected>
#include <functional>
#include <string>
#include <vector>

namespace sekisho::tools::setup {

/// How the host is looked at.
struct Sources {
  CommandRunner run;
  MakeLookups lookups;
  ReadFile read_file;
  Files files;
  std::function<std::vector<dns::IpAddress>()> addresses;  ///< From which the host sends.
  std::chrono::sys_seconds now;
};

/// What is looked at.
struct Places {
  std::string configuration;   ///< sekisho.toml
  std::string postfix_folder;  ///< Of main.cf; empty: the usual one.
  std::string key_folder;
  std::vector<std::string> name_servers;  ///< As they are shown.
  std::vector<dns::IpAddress> sent_from;  ///< In place of the addresses of the host.
};

/// Looks at everything but domains. `options` is the configuration, or why it cannot be loaded.
[[nodiscard]] Facts gather_facts(const Sources& sources, const Places& places,
                                 const std::expected<config::Options, Refusal>& options);

/// The part of gather_facts() that asks nobody else: without the resolver and the addresses.
[[nodiscard]] Facts gather_local_facts(const Sources& sources, const Places& places,
                                       const std::expected<config::Options, Refusal>& options);

/// Looks at the keys and records of these domains, and puts them into the facts.
void gather_domains(Facts& facts, const std::vector<mail::Domain>& domains, const Sources& sources);

}  // namespace sekisho::tools::setup
