#include "tools/setup/look.hpp"

#include "tools/setup/host_sources.hpp"

#include <algorithm>
#include <utility>

namespace sekisho::tools::setup {

namespace {

std::string shown(const dns::Server& server) {
  constexpr std::uint16_t usual_port = 53;
  const std::string address = server.address.text();
  return server.port == usual_port ? address : address + ":" + std::to_string(server.port);
}

std::vector<std::string> shown_servers(const Arguments& arguments, const dns::Options& options) {
  if (!arguments.dns.zone.empty()) {
    return {arguments.dns.zone};
  }
  if (!arguments.dns.nameservers.empty()) {
    return arguments.dns.nameservers;
  }
  std::vector<std::string> servers;
  for (const dns::Server& server :
       options.nameservers.empty() ? dns::system_servers() : options.nameservers) {
    servers.push_back(shown(server));
  }
  return servers;
}

std::expected<std::vector<dns::IpAddress>, Refusal> parse_addresses(
    const std::vector<std::string>& texts) {
  std::vector<dns::IpAddress> addresses;
  for (const std::string& text : texts) {
    const auto address = dns::IpAddress::parse(text);
    if (!address) {
      return std::unexpected(Refusal{exit_usage, "--address " + text + ": not an IP address"});
    }
    addresses.push_back(*address);
  }
  return addresses;
}

}  // namespace

std::expected<View, Refusal> open_view(const Arguments& arguments) {
  auto addresses = parse_addresses(arguments.addresses);
  if (!addresses) {
    return std::unexpected(std::move(addresses.error()));
  }
  const auto options = load_configuration(arguments.config);
  dns::Options settings = options ? options->dns : dns::Options{};
  settings.trust_ad = true;  // otherwise the bit is not passed on, and it is what we look for
  const std::vector<std::string> servers = shown_servers(arguments, settings);
  auto resolver = open_resolver(arguments.dns, std::move(settings));
  if (!resolver) {
    return std::unexpected(std::move(resolver.error()));
  }
  return View{host_sources(*std::move(resolver)),
              {.configuration = arguments.config,
               .postfix_folder = arguments.postfix_folder,
               .key_folder = arguments.key_folder,
               .name_servers = servers,
               .sent_from = *std::move(addresses)}};
}

Facts look(const View& view, const std::vector<mail::Domain>& domains) {
  Facts facts =
      gather_facts(view.sources, view.places, load_configuration(view.places.configuration));
  gather_domains(facts, domains, view.sources);
  return facts;
}

std::expected<std::vector<mail::Domain>, Refusal> parse_domains(
    const std::vector<std::string>& names) {
  std::vector<mail::Domain> domains;
  for (const std::string& name : names) {
    const auto domain = mail::Domain::parse(name);
    if (!domain || domain->label_count() < 2) {
      return std::unexpected(Refusal{exit_usage, "--domain " + name + ": not a domain name"});
    }
    if (std::ranges::find(domains, *domain) == domains.end()) {
      domains.push_back(*domain);
    }
  }
  return domains;
}

std::vector<mail::Domain> configured_domains(const config::Options& options) {
  std::vector<mail::Domain> domains;
  for (const keys::SignEntry& entry : options.signing.keys.entries) {
    const auto domain = mail::Domain::parse(entry.domain);
    if (domain && std::ranges::find(domains, *domain) == domains.end()) {
      domains.push_back(*domain);
    }
  }
  return domains;
}

Choices choices_of(const Arguments& arguments) {
  return {.records = {.report_address = arguments.report_address,
                      .tls_reporting = arguments.tls_reporting},
          .authserv_id = arguments.authserv_id,
          .enforce = arguments.enforce,
          .submission = arguments.submission};
}

}  // namespace sekisho::tools::setup
