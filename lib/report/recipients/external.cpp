#include "report/recipients/external.hpp"

#include "dmarc/discovery.hpp"
#include "dmarc/record.hpp"
#include "dmarc/report_uri.hpp"
#include "report/recipients/destination.hpp"

#include <algorithm>
#include <expected>
#include <memory>
#include <utility>

namespace sekisho::report::recipients {

namespace {

constexpr std::size_t max_name_octets = 253;

/// How long a temporary failure, and what needed no look-up of the destination, holds.
constexpr std::chrono::seconds short_ttl{300};
constexpr std::chrono::seconds long_ttl{86'400};

Authorization verdict(AuthorizationStatus status, std::string reason, std::chrono::seconds ttl) {
  return {.status = status, .uris = {}, .reason = std::move(reason), .ttl = ttl};
}

using OrganizationalDomain = std::expected<mail::Domain, std::string>;

dns::Task<OrganizationalDomain> organizational_domain_of(dns::Lookups lookups,
                                                         dmarc::Options options,
                                                         mail::Domain domain) {
  if (options.discovery == dmarc::Discovery::psl) {
    if (!options.suffixes) {
      options.suffixes = std::make_shared<const dmarc::PublicSuffixes>();
    }
    co_return OrganizationalDomain(options.suffixes->organizational_domain(domain));
  }
  std::vector<mail::Domain> names = dmarc::tree_walk_names(domain);
  auto walking = dmarc::walk(lookups, std::move(names), dmarc::Specification::rfc9989);
  const dmarc::Walk walk = co_await walking;
  co_return dmarc::organizational_domain(walk);
}

const std::vector<std::string>& uris_of(const dmarc::Record& record, AddressTag tag) {
  switch (tag) {
    case AddressTag::rua:
      return record.aggregate_uris;
    case AddressTag::ruf:
      return record.failure_uris;
  }
  std::unreachable();
}

// The URIs that override; another host than the one that was asked spoils all (RFC 9990 §4).
std::expected<std::vector<std::string>, std::string> overriding_uris(
    const std::vector<dmarc::Record>& records, const mail::Domain& host, AddressTag tag) {
  std::vector<std::string> uris;
  for (const dmarc::Record& record : records) {
    for (const std::string& uri : uris_of(record, tag)) {
      const auto destination = parse_destination(uri);
      if (destination && destination->host != host) {
        return std::unexpected("the authorization leads on to another host, " +
                               destination->host.text());
      }
      if (uris.size() < dmarc::max_report_uris) {
        uris.push_back(uri);
      }
    }
  }
  return uris;
}

std::vector<dmarc::Record> records_of(const dns::Answer& answer) {
  std::vector<dmarc::Record> records;
  for (const dns::Text* text : answer.all<dns::Text>()) {
    if (auto record = dmarc::parse_record(text->data)) {
      records.push_back(*std::move(record));
    }
  }
  return records;
}

// RFC 9990 §4 steps 5 to 9.
Authorization judge(const dns::Answer& answer, const std::string& name, const mail::Domain& host,
                    AddressTag tag) {
  if (dns::is_temporary(answer.status)) {
    return verdict(AuthorizationStatus::unknown,
                   "TXT look-up of " + name + ": " + std::string(dns::format_status(answer.status)),
                   std::chrono::seconds{0});
  }
  const std::chrono::seconds ttl = std::clamp(answer.ttl, short_ttl, long_ttl);
  const auto records = records_of(answer);
  if (records.empty()) {
    return verdict(AuthorizationStatus::refused, "no DMARC record at " + name, ttl);
  }
  auto uris = overriding_uris(records, host, tag);
  if (!uris) {
    return verdict(AuthorizationStatus::refused, uris.error(), ttl);
  }
  return {.status = AuthorizationStatus::authorized,
          .uris = *std::move(uris),
          .reason = "authorized by " + name,
          .ttl = ttl};
}

}  // namespace

std::string authorization_name(const mail::Domain& policy_domain, const mail::Domain& host) {
  return policy_domain.text() + "._report._dmarc." + host.text();
}

dns::Task<Authorization> verify_external(dns::Lookups lookups, dmarc::Options options,
                                         mail::Domain policy_domain, mail::Domain host,
                                         AddressTag tag) {
  if (host == policy_domain) {
    co_return verdict(AuthorizationStatus::internal, "the domain itself", long_ttl);
  }
  // All of it is asked at once; an answer that is not needed costs nobody time.
  auto ours = organizational_domain_of(lookups, options, policy_domain);
  auto theirs = organizational_domain_of(lookups, options, host);
  const std::string name = authorization_name(policy_domain, host);
  const bool can_ask = name.size() <= max_name_octets;
  if (can_ask) {
    lookups.prefetch(name, dns::RecordType::txt);
  }
  const OrganizationalDomain our_domain = co_await ours;
  const OrganizationalDomain their_domain = co_await theirs;
  if (!our_domain || !their_domain) {
    const std::string& reason = our_domain ? their_domain.error() : our_domain.error();
    co_return verdict(AuthorizationStatus::unknown, reason, std::chrono::seconds{0});
  }
  if (*our_domain == *their_domain) {
    co_return verdict(AuthorizationStatus::internal, "of one organization, " + our_domain->text(),
                      short_ttl);
  }
  if (!can_ask) {
    co_return verdict(AuthorizationStatus::refused, "the name to be asked for would be too long",
                      long_ttl);
  }
  auto asking = lookups.lookup(name, dns::RecordType::txt);
  const dns::Answer answer = co_await asking;
  co_return judge(answer, name, host, tag);
}

}  // namespace sekisho::report::recipients
