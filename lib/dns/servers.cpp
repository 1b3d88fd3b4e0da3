// Which servers to ask: from the configuration's text, and from resolv.conf(5).
#include "dns/stub_resolver.hpp"

#include <charconv>
#include <fstream>
#include <optional>
#include <sstream>

#include <net/if.h>

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

bool is_link_local(const IpAddress& address) {
  constexpr unsigned prefix = 10;  // RFC 4291 §2.5.6
  return address.is_in(IpAddress::v6({0xfe, 0x80}), prefix);
}

// Longer ones are no interface's, and whatever else stands in them is for if_nametoindex(3).
bool is_zone(std::string_view zone) {
  return !zone.empty() && zone.size() < IF_NAMESIZE &&
         zone.find_first_of("/ []%") == std::string_view::npos;
}

std::optional<Server> server_of(std::string_view address, std::string_view port) {
  const std::size_t percent = address.find('%');
  const std::optional<IpAddress> parsed_address = IpAddress::parse(address.substr(0, percent));
  const std::optional<std::uint16_t> parsed_port = parse_port(port);
  if (!parsed_address || !parsed_port) {
    return std::nullopt;
  }
  if (percent == std::string_view::npos) {
    return Server{*parsed_address, *parsed_port, {}};
  }
  const std::string_view zone = address.substr(percent + 1);
  if (!is_link_local(*parsed_address) || !is_zone(zone)) {
    return std::nullopt;
  }
  return Server{*parsed_address, *parsed_port, std::string(zone)};
}

// As resolv.conf has it: a zone that means nothing does no harm.
std::optional<Server> system_server_of(std::string_view text) {
  const auto server = server_of(text, "53");
  return server ? server : server_of(text.substr(0, text.find('%')), "53");
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
    if (const auto server = system_server_of(value); keyword == "nameserver" && server) {
      servers.push_back(*server);
    }
  }
  if (servers.empty()) {
    servers.push_back({IpAddress::v4({127, 0, 0, 1}), 53, {}});
  }
  return servers;
}

}  // namespace sekisho::dns
