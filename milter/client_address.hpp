// The client as libmilter's connect callback tells of it.
#pragma once

#include "dns/ip_address.hpp"

#include <cstdint>
#include <optional>

struct sockaddr;  // NOLINT(readability-identifier-naming): as POSIX names it

namespace sekisho::milter {

/// Nullopt for null and for what is no internet address: the MTA does not know, or it is a local
/// client's socket. An IPv4 client of an IPv6 socket is IPv4 (RFC 7208 §5).
[[nodiscard]] std::optional<dns::IpAddress> address_from(const sockaddr* address);

/// 0 where there is no address.
[[nodiscard]] std::uint16_t port_from(const sockaddr* address);

}  // namespace sekisho::milter
