#include "report/recipients/recipients.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace sekisho::report::recipients {

namespace {

using Verdicts = std::map<mail::Domain, Authorization>;

std::string beyond(const char* what) {
  return "beyond the first " + std::to_string(max_recipients) + ' ' + what;
}

/// Adds addresses as long as they are new and within the limit.
class Gathering {
 public:
  void add(const std::string& uri) {
    auto destination = parse_destination(uri);
    if (!destination) {
      ignore(uri, destination.error(), false);
      return;
    }
    add(uri, *std::move(destination));
  }

  void add(const std::string& uri, Destination destination) {
    std::vector<Destination>& known = recipients_.destinations;
    if (std::ranges::find(known, destination.address, &Destination::address) != known.end()) {
      return;
    }
    if (known.size() >= max_recipients) {
      ignore(uri, beyond("addresses"), false);
      return;
    }
    known.push_back(std::move(destination));
  }

  void ignore(const std::string& uri, std::string reason, bool temporary) {
    recipients_.ignored.push_back({uri, std::move(reason), temporary});
  }

  Recipients take() { return std::move(recipients_); }

 private:
  Recipients recipients_;
};

Verdicts verify_hosts(const dns::Lookups& lookups, const dmarc::Options& options,
                      const mail::Domain& policy_domain, const std::vector<mail::Domain>& hosts,
                      AddressTag tag, AuthorizationCache* cache) {
  Verdicts verdicts;
  std::map<mail::Domain, dns::Task<Authorization>> under_way;
  for (const mail::Domain& host : hosts) {
    const auto kept = cache == nullptr ? std::nullopt : cache->find(policy_domain, host, tag);
    if (kept) {
      verdicts.emplace(host, *kept);
      continue;
    }
    under_way.emplace(host, verify_external(lookups, options, policy_domain, host, tag));
  }
  for (auto& [host, task] : under_way) {
    Authorization verdict = task.get();
    if (cache != nullptr && verdict.status != AuthorizationStatus::unknown) {
      cache->keep(policy_domain, host, tag, verdict);
    }
    verdicts.emplace(host, std::move(verdict));
  }
  return verdicts;
}

// Each host costs a dozen questions to the DNS, and whoever publishes the URIs chooses them.
std::vector<mail::Domain> hosts_of(std::span<const std::string> uris) {
  std::vector<mail::Domain> hosts;
  for (const std::string& uri : uris) {
    const auto destination = parse_destination(uri);
    if (destination && hosts.size() < max_recipients &&
        std::ranges::find(hosts, destination->host) == hosts.end()) {
      hosts.push_back(destination->host);
    }
  }
  return hosts;
}

}  // namespace

Recipients find_recipients(const dns::Lookups& lookups, const dmarc::Options& options,
                           const mail::Domain& policy_domain, std::span<const std::string> uris,
                           AddressTag tag, AuthorizationCache* cache) {
  std::vector<mail::Domain> hosts = hosts_of(uris);
  const Verdicts verdicts = verify_hosts(lookups, options, policy_domain, hosts, tag, cache);
  Gathering gathering;
  for (const std::string& uri : uris) {
    auto destination = parse_destination(uri);
    if (!destination) {
      gathering.ignore(uri, destination.error(), false);
      continue;
    }
    const auto found = verdicts.find(destination->host);
    if (found == verdicts.end()) {
      gathering.ignore(uri, beyond("hosts"), false);
      continue;
    }
    const Authorization& verdict = found->second;
    switch (verdict.status) {
      case AuthorizationStatus::internal:
        gathering.add(uri, *std::move(destination));
        break;
      case AuthorizationStatus::authorized:
        if (verdict.uris.empty()) {
          gathering.add(uri, *std::move(destination));
          break;
        }
        std::ranges::for_each(verdict.uris,
                              [&](const std::string& other) { gathering.add(other); });
        break;
      case AuthorizationStatus::refused:
      case AuthorizationStatus::unknown:
        gathering.ignore(uri, verdict.reason, verdict.status == AuthorizationStatus::unknown);
        break;
    }
  }
  return gathering.take();
}

}  // namespace sekisho::report::recipients
