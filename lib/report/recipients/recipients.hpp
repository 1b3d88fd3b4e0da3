// Finds the recipients of reports from the URIs that a domain publishes.
#pragma once

#include "report/recipients/destination.hpp"
#include "report/recipients/external.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace sekisho::report::recipients {

/// A cache of authorizations, possibly shared by processes.
class AuthorizationCache {
 public:
  AuthorizationCache() = default;
  AuthorizationCache(const AuthorizationCache&) = delete;
  AuthorizationCache& operator=(const AuthorizationCache&) = delete;
  virtual ~AuthorizationCache() = default;

  /// Returns nullopt if there is none, or it has expired.
  [[nodiscard]] virtual std::optional<Authorization> find(const mail::Domain& policy_domain,
                                                          const mail::Domain& host,
                                                          AddressTag tag) = 0;
  /// Caches for `verdict.ttl`. Not called for an unknown one.
  virtual void keep(const mail::Domain& policy_domain, const mail::Domain& host, AddressTag tag,
                    const Authorization& verdict) = 0;
};

/// A URI that gets no report.
struct IgnoredUri {
  std::string uri;
  std::string reason;      ///< For people.
  bool temporary = false;  ///< The DNS gave no answer; it may do so later.

  bool operator==(const IgnoredUri&) const = default;
};

struct Recipients {
  std::vector<Destination> destinations;  ///< In published order, each address once.
  std::vector<IgnoredUri> ignored;

  bool operator==(const Recipients&) const = default;
};

/// Limit of addresses and hosts of one domain; the rest is ignored (RFC 9990 §3.5: the receiver's
/// limits).
inline constexpr std::size_t max_recipients = 10;

/// Verifies all hosts at the same time, and waits: must not run on the network's thread. `cache`
/// may be null.
[[nodiscard]] Recipients find_recipients(const dns::Lookups& lookups, const dmarc::Options& options,
                                         const mail::Domain& policy_domain,
                                         std::span<const std::string> uris, AddressTag tag,
                                         AuthorizationCache* cache);

}  // namespace sekisho::report::recipients
