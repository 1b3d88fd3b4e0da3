// The addresses of this host.
#pragma once

#include "dns/network.hpp"

#include <vector>

namespace sekisho::milter {

/// Those that the interfaces have now, one network each. Empty where the system does not tell them.
[[nodiscard]] std::vector<dns::Network> own_addresses();

}  // namespace sekisho::milter
