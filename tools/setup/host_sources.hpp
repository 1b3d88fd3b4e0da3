// How setup looks at the real host.
#pragma once

#include "dns/resolver.hpp"
#include "tools/setup/gather.hpp"

#include <memory>
#include <vector>

namespace sekisho::tools::setup {

[[nodiscard]] Sources host_sources(std::shared_ptr<dns::Resolver> resolver);

/// Returns the addresses from which the host would send, one of each family at most. Nothing is
/// sent to find out.
[[nodiscard]] std::vector<dns::IpAddress> sending_addresses();

}  // namespace sekisho::tools::setup
