// The owners of a failure report: rate and share of the spool are counted by owner.
#pragma once

#include "dmarc/public_suffixes.hpp"
#include "mail/domain.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace sekisho::report::failure {

/// Limit of URIs of ruf=; the rest is ignored (RFC 9990 §3.5: the receiver's limits).
inline constexpr std::size_t max_failure_uris = 10;

/// Returns the keys of the organizational domains of `policy_domain` and of each destination, each
/// once. The public suffix list decides, not the DNS: with `psd=y`, the holder of a domain could
/// make each subdomain an organizational domain (RFC 9989 §4.10.2).
[[nodiscard]] std::vector<std::string> owners_of(const mail::Domain& policy_domain,
                                                 std::span<const std::string> uris,
                                                 const dmarc::PublicSuffixes& suffixes);

}  // namespace sekisho::report::failure
