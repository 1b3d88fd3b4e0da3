// What setup asks the DNS: the resolver itself, the host's addresses, and what a domain publishes.
#pragma once

#include "dns/lookups.hpp"
#include "tools/setup/facts.hpp"

#include <functional>
#include <vector>

namespace sekisho::tools::setup {

/// Makes look-ups with a deadline of their own.
using MakeLookups = std::function<dns::Lookups()>;

/// Asks for a name that is signed. The resolver has to be one that trusts the AD bit.
[[nodiscard]] Validation gather_validation(const MakeLookups& lookups);

[[nodiscard]] std::vector<AddressFacts> gather_addresses(
    const std::vector<dns::IpAddress>& addresses, const MakeLookups& lookups);

/// Fills in what the domain publishes, for its keys as well. `sender` is an address from which the
/// host sends mail, `host_name` its name; without an address the result of SPF stays `none`.
void gather_records(DomainFacts& domain, const std::optional<dns::IpAddress>& sender,
                    const std::string& host_name, const MakeLookups& lookups);

/// Returns false for addresses that are not reached from outside: loopback, private (RFC 1918, RFC
/// 4193), shared (RFC 6598) and link-local ones.
[[nodiscard]] bool is_public(const dns::IpAddress& address);

}  // namespace sekisho::tools::setup
