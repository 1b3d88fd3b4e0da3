// On whose account a failure report goes: what its rate and its share of the spool are counted by.
#pragma once

#include "dmarc/public_suffixes.hpp"
#include "mail/domain.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace sekisho::report::failure {

/// URIs of ruf= that a report takes; the rest of the record's is ignored (RFC 9990 §3.5: the
/// receiver's limits).
inline constexpr std::size_t max_failure_uris = 10;

/// Keys of the organizational domain of `policy_domain` and of each destination's, each once. The
/// public suffix list decides, not the DNS: with `psd=y` whoever holds a domain could make each of
/// its sub-domains an organizational domain (RFC 9989 §4.10.2).
[[nodiscard]] std::vector<std::string> owners_of(const mail::Domain& policy_domain,
                                                 std::span<const std::string> uris,
                                                 const dmarc::PublicSuffixes& suffixes);

}  // namespace sekisho::report::failure
