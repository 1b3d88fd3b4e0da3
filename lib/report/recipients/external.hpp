// Whether who is named in rua= or ruf= wants the reports of another's domain (RFC 9990 §4).
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

/// Whose addresses: those of aggregate reports or those of failure reports.
enum class AddressTag : std::uint8_t { rua, ruf };

enum class AuthorizationStatus : std::uint8_t {
  internal,    ///< Of one organization: nothing to verify.
  authorized,  ///< The destination's DNS says that it takes them.
  refused,     ///< It does not: no report goes there.
  unknown,     ///< The DNS gave no answer: to be asked again.
};

struct Authorization {
  AuthorizationStatus status = AuthorizationStatus::unknown;
  /// Where not empty, these are used in place of the URIs with this host (RFC 9990 §4 step 9).
  std::vector<std::string> uris;
  std::string reason;           ///< For people.
  std::chrono::seconds ttl{0};  ///< How long it may be kept.

  bool operator==(const Authorization&) const = default;
};

/// The name that is asked for; longer than the DNS allows where the domains are (step 4).
[[nodiscard]] std::string authorization_name(const mail::Domain& policy_domain,
                                             const mail::Domain& host);

/// Compares the organizational domains, found as `options` say, and asks the destination where
/// they differ. `policy_domain` is where the record was found.
[[nodiscard]] dns::Task<Authorization> verify_external(dns::Lookups lookups, dmarc::Options options,
                                                       mail::Domain policy_domain,
                                                       mail::Domain host, AddressTag tag);

}  // namespace sekisho::report::recipients
