// From the URIs that a domain publishes to the addresses that get its reports.
#pragma once

#include "report/recipients/destination.hpp"
#include "report/recipients/external.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace sekisho::report::recipients {

/// Keeps verdicts; they need not be of this process.
class AuthorizationCache {
 public:
  AuthorizationCache() = default;
  AuthorizationCache(const AuthorizationCache&) = delete;
  AuthorizationCache& operator=(const AuthorizationCache&) = delete;
  virtual ~AuthorizationCache() = default;

  /// Nullopt: none, or none that still holds.
  [[nodiscard]] virtual std::optional<Authorization> find(const mail::Domain& policy_domain,
                                                          const mail::Domain& host,
                                                          AddressTag tag) = 0;
  /// To be kept for `verdict.ttl`. An unknown one is not given.
  virtual void keep(const mail::Domain& policy_domain, const mail::Domain& host, AddressTag tag,
                    const Authorization& verdict) = 0;
};

/// A URI to which no report goes.
struct IgnoredUri {
  std::string uri;
  std::string reason;      ///< For people.
  bool temporary = false;  ///< The DNS gave no answer: another time it may do.

  bool operator==(const IgnoredUri&) const = default;
};

struct Recipients {
  std::vector<Destination> destinations;  ///< In the order published, each address once.
  std::vector<IgnoredUri> ignored;

  bool operator==(const Recipients&) const = default;
};

/// Addresses of one domain, and their hosts, beyond which the rest is ignored (RFC 9990 §3.5: the
/// receiver's limits).
inline constexpr std::size_t max_recipients = 10;

/// Verifies every host, all at once, and waits: not for the network's thread. `cache` may be null.
[[nodiscard]] Recipients find_recipients(const dns::Lookups& lookups, const dmarc::Options& options,
                                         const mail::Domain& policy_domain,
                                         std::span<const std::string> uris, AddressTag tag,
                                         AuthorizationCache* cache);

}  // namespace sekisho::report::recipients
