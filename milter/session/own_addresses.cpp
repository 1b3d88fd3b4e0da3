#include "milter/session/own_addresses.hpp"

#include "milter/session/client_address.hpp"

#include <memory>

#include <ifaddrs.h>

namespace sekisho::milter {

std::vector<dns::Network> own_addresses() {
  constexpr unsigned v4_bits = 32;
  constexpr unsigned v6_bits = 128;
  ifaddrs* first = nullptr;
  if (getifaddrs(&first) != 0) {
    return {};
  }
  const std::unique_ptr<ifaddrs, decltype(&freeifaddrs)> interfaces(first, freeifaddrs);
  std::vector<dns::Network> networks;
  for (const ifaddrs* each = first; each != nullptr; each = each->ifa_next) {
    if (const auto address = address_from(each->ifa_addr)) {
      networks.push_back({*address, address->is_v4() ? v4_bits : v6_bits});
    }
  }
  return networks;
}

}  // namespace sekisho::milter
