#include "config/socket.hpp"

#include <charconv>
#include <cstddef>
#include <optional>

#include <sys/un.h>

namespace sekisho::config {

namespace {

template <typename Number>
std::optional<Number> parse_number(std::string_view text) {
  Number number = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc{} && rest == text.data() + text.size();
  return whole ? std::optional(number) : std::nullopt;
}

std::expected<Socket, std::string> parse_path(std::string_view path) {
  constexpr std::size_t longest = sizeof(sockaddr_un::sun_path) - 1;
  if (!path.starts_with('/')) {
    return std::unexpected("the path does not begin with a slash");
  }
  if (path.size() > longest) {
    return std::unexpected("the path is longer than " + std::to_string(longest) + " octets");
  }
  return UnixSocket{std::string(path)};
}

std::optional<dns::IpAddress> parse_host(std::string_view host, bool v6) {
  if (host == "localhost") {
    return dns::IpAddress::parse(v6 ? "::1" : "127.0.0.1");
  }
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
  }
  return dns::IpAddress::parse(host);
}

std::expected<Socket, std::string> parse_inet(std::string_view text, bool v6) {
  const std::size_t at = text.find('@');
  if (at == std::string_view::npos) {
    return std::unexpected("no address after the port");
  }
  const auto port = parse_number<std::uint16_t>(text.substr(0, at));
  if (!port) {
    return std::unexpected("the port is no number from 0 to 65535");
  }
  const auto address = parse_host(text.substr(at + 1), v6);
  if (!address || address->is_v6() != v6) {
    return std::unexpected(v6 ? "no IPv6 address after the @" : "no IPv4 address after the @");
  }
  return InetSocket{*address, *port};
}

}  // namespace

std::expected<Socket, std::string> parse_socket(std::string_view text) {
  const std::size_t colon = text.find(':');
  const std::string_view kind = text.substr(0, colon);
  const std::string_view rest =
      colon == std::string_view::npos ? std::string_view{} : text.substr(colon + 1);
  if (kind == "unix" || kind == "local") {
    return parse_path(rest);
  }
  if (kind == "inet" || kind == "inet6") {
    return parse_inet(rest, kind == "inet6");
  }
  if (kind == "fd") {
    const auto descriptor = parse_number<int>(rest);
    if (descriptor && *descriptor >= 0) {
      return InheritedSocket{*descriptor};
    }
    return std::unexpected("no number of a descriptor after fd:");
  }
  return std::unexpected("it begins with none of unix:, inet:, inet6:, fd:");
}

std::expected<InetSocket, std::string> parse_address_and_port(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) {
    return std::unexpected("no port after the address");
  }
  const std::string_view host = text.substr(0, colon);
  const auto address = parse_host(host, host.starts_with('['));
  if (!address || address->is_v6() != host.starts_with('[')) {
    return std::unexpected("no address before the port");
  }
  const auto port = parse_number<std::uint16_t>(text.substr(colon + 1));
  if (!port) {
    return std::unexpected("the port is no number from 0 to 65535");
  }
  return InetSocket{*address, *port};
}

std::optional<std::uint32_t> parse_permissions(std::string_view text) {
  constexpr std::uint32_t most = 0777;
  constexpr int octal = 8;
  std::uint32_t bits = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), bits, octal);
  const bool whole = error == std::errc{} && rest == text.data() + text.size();
  return whole && bits <= most ? std::optional(bits) : std::nullopt;
}

}  // namespace sekisho::config
