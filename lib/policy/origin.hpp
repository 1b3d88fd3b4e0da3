// Whose mail it is: that of the outside, which is verified, or our own users', which is signed.
#pragma once

#include "dns/network.hpp"
#include "findings/findings.hpp"

#include <string>
#include <vector>

namespace sekisho::policy {

/// Section [signing] of the configuration, as far as it says who is ours.
struct OriginOptions {
  std::vector<dns::Network> internal_networks = {
      {dns::IpAddress::v4({127, 0, 0, 1}), 32},
      {dns::IpAddress::v6({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}), 128}};
  std::vector<std::string> daemons = {"ORIGINATING"};  ///< Values of {daemon_name}.
};

/// The first that holds, in the order: authenticated, daemon, internal, outside.
[[nodiscard]] findings::Origin find_origin(const findings::Client& client,
                                           const OriginOptions& options);

}  // namespace sekisho::policy
