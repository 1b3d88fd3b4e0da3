#include "policy/origin.hpp"

#include <algorithm>

namespace sekisho::policy {

using findings::Origin;

findings::Origin find_origin(const findings::Client& client, const OriginOptions& options) {
  if (!client.login.empty()) {
    return Origin::authenticated;
  }
  if (!client.daemon.empty() && std::ranges::count(options.daemons, client.daemon) > 0) {
    return Origin::daemon;
  }
  if ((!client.address && !client.is_unknown) ||
      std::ranges::any_of(options.internal_networks, [&](const dns::Network& network) {
        return client.address && network.contains(*client.address);
      })) {
    return Origin::internal;
  }
  return Origin::outside;
}

}  // namespace sekisho::policy
