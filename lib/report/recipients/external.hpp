// Verifies that a destination in rua= or ruf= accepts the reports of another domain (RFC 9990 §4).
#pragma once

#include "dmarc/options.hpp"
#include "dns/lookups.hpp"
#include "dns/task.hpp"
#include "mail/domain.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace sekisho::report::recipients {

/// The tag that contains the address: aggregate or failure reports.
enum class AddressTag : std::uint8_t { rua, ruf };

enum class AuthorizationStatus : std::uint8_t {
  internal,    ///< Same organization: nothing to verify.
  authorized,  ///< The DNS of the destination accepts the reports.
  refused,     ///< It does not: no report is sent there.
  unknown,     ///< The DNS gave no answer; ask again later.
};

struct Authorization {
  AuthorizationStatus status = AuthorizationStatus::unknown;
  /// If not empty, these replace the URIs with this host (RFC 9990 §4 step 9).
  std::vector<std::string> uris;
  std::string reason;           ///< For people.
  std::chrono::seconds ttl{0};  ///< How long it may be cached.

  bool operator==(const Authorization&) const = default;
};

/// Returns the name to query (step 4); too long for the DNS if the domains are long.
[[nodiscard]] std::string authorization_name(const mail::Domain& policy_domain,
                                             const mail::Domain& host);

/// Compares the organizational domains, found as `options` say, and queries the destination if they
/// differ. `policy_domain` is where the record was found.
[[nodiscard]] dns::Task<Authorization> verify_external(dns::Lookups lookups, dmarc::Options options,
                                                       mail::Domain policy_domain,
                                                       mail::Domain host, AddressTag tag);

}  // namespace sekisho::report::recipients
