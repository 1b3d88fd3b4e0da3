// Whose mail it is: that of the outside, which is verified, or our own users', which is signed.
#pragma once

#include "dns/network.hpp"
#include "findings/findings.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace sekisho::policy {

enum class Origin : std::uint8_t {
  outside,
  authenticated,  ///< The client logged in (SASL).
  daemon,         ///< It came to a daemon of the MTA that serves our users alone.
  internal,       ///< The client is in one of our networks, or on this host without any network.
};

/// Section [signing] of the configuration, as far as it says who is ours.
struct OriginOptions {
  std::vector<dns::Network> internal_networks = {
      {dns::IpAddress::v4({127, 0, 0, 0}), 8},
      {dns::IpAddress::v6({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}), 128}};
  std::vector<std::string> daemons = {"ORIGINATING"};  ///< Values of {daemon_name}.
};

/// The first that holds, in the order: authenticated, daemon, internal, outside.
[[nodiscard]] Origin find_origin(const findings::Client& client, const OriginOptions& options);
[[nodiscard]] constexpr bool is_ours(Origin origin) {
  return origin != Origin::outside;
}

}  // namespace sekisho::policy
