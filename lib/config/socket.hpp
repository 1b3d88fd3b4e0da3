// Where the MTA finds the milter: the option `socket`.
#pragma once

#include "dns/ip_address.hpp"

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace sekisho::config {

struct UnixSocket {
  std::string path;
  bool operator==(const UnixSocket&) const = default;
};
struct InetSocket {
  dns::IpAddress address;
  std::uint16_t port = 0;  ///< 0: one that is free, as the kernel chooses.
  bool operator==(const InetSocket&) const = default;
};
/// A listening socket that is open already, from systemd or another parent.
struct InheritedSocket {
  int descriptor = -1;
  bool operator==(const InheritedSocket&) const = default;
};
using Socket = std::variant<UnixSocket, InetSocket, InheritedSocket>;

/// `unix:PATH` or `local:PATH`, `inet:PORT@ADDRESS`, `inet6:PORT@ADDRESS` (an IPv6 address with or
/// without brackets), `fd:N`. Names of hosts are not looked up, but for `localhost`. An error says
/// what is wrong.
[[nodiscard]] std::expected<Socket, std::string> parse_socket(std::string_view text);

/// `ADDRESS:PORT`, an IPv6 address in brackets. An error says what is wrong.
[[nodiscard]] std::expected<InetSocket, std::string> parse_address_and_port(std::string_view text);

/// Permissions as chmod(1) takes them in octal, "0660": those for reading, writing and executing.
[[nodiscard]] std::optional<std::uint32_t> parse_permissions(std::string_view text);

}  // namespace sekisho::config
