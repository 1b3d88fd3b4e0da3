// The client as libmilter's connect callback tells of it.
#pragma once

#include "dns/ip_address.hpp"

#include <cstdint>
#include <optional>

struct sockaddr;  // NOLINT(readability-identifier-naming): as POSIX names it

namespace sekisho::milter {

/// Whether the MTA knows the client. One without an address that is known is local: it came through
/// a unix socket of the MTA.
[[nodiscard]] bool is_known(const sockaddr* address);

/// Nullopt for null and for what is no internet address. An IPv4 client of an IPv6 socket is IPv4
/// (RFC 7208 §5).
[[nodiscard]] std::optional<dns::IpAddress> address_from(const sockaddr* address);

/// 0 where there is no address.
[[nodiscard]] std::uint16_t port_from(const sockaddr* address);

}  // namespace sekisho::milter
