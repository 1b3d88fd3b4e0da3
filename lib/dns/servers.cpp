// Which servers to ask: from the configuration's text, and from resolv.conf(5).
#include "dns/stub_resolver.hpp"

#include <charconv>
#include <fstream>
#include <optional>
#include <sstream>

namespace sekisho::dns {

namespace {

constexpr std::size_t max_system_servers = 3;  // MAXNS of the C library

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size() || port == 0) {
    return std::nullopt;
  }
  return port;
}

std::optional<Server> server_of(std::string_view address, std::string_view port) {
  const std::optional<IpAddress> parsed_address = IpAddress::parse(address);
  const std::optional<std::uint16_t> parsed_port = parse_port(port);
  if (!parsed_address || !parsed_port) {
    return std::nullopt;
  }
  return Server{*parsed_address, *parsed_port};
}

std::optional<Server> split_server(std::string_view text) {
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    const std::string_view after = end == text.npos ? text : text.substr(end + 1);
    const std::string_view address = text.substr(1, end - 1);
    if (!address.contains(':') || !(after.empty() || after.starts_with(':'))) {
      return std::nullopt;
    }
    return server_of(address, after.empty() ? "53" : after.substr(1));
  }
  const std::size_t colon = text.find(':');
  if (colon == text.npos || colon != text.rfind(':')) {
    return server_of(text, "53");
  }
  return server_of(text.substr(0, colon), text.substr(colon + 1));
}

}  // namespace

std::expected<Server, std::string> parse_server(std::string_view text) {
  const std::optional<Server> server = split_server(text);
  if (!server) {
    return std::unexpected(
        "expected an address, ADDR:PORT or [V6]:PORT, for instance \"127.0.0.1:5353\"");
  }
  return *server;
}

std::vector<Server> system_servers(const std::string& path) {
  std::vector<Server> servers;
  std::ifstream file(path);
  for (std::string line; servers.size() < max_system_servers && std::getline(file, line);) {
    std::istringstream words(line);
    std::string keyword;
    std::string value;
    words >> keyword >> value;
    const auto address = IpAddress::parse(std::string_view(value).substr(0, value.find('%')));
    if (keyword == "nameserver" && address) {
      servers.push_back({*address, 53});
    }
  }
  if (servers.empty()) {
    servers.push_back({IpAddress::v4({127, 0, 0, 1}), 53});
  }
  return servers;
}

}  // namespace sekisho::dns
