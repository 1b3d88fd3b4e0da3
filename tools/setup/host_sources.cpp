#include "tools/setup/host_sources.hpp"

#include "tools/cli/dns_options.hpp"
#include "tools/setup/files.hpp"

#include <array>
#include <cstddef>
#include <cstring>
#include <string>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace sekisho::tools::setup {

namespace {

constexpr in_port_t any_port = 53;

// Addresses for documentation (RFC 5737, RFC 3849): the route to them is that to everywhere.
sockaddr_in far_away_v4() {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(any_port);
  inet_pton(AF_INET, "192.0.2.1", &address.sin_addr);
  return address;
}

sockaddr_in6 far_away_v6() {
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_port = htons(any_port);
  inet_pton(AF_INET6, "2001:db8::1", &address.sin6_addr);
  return address;
}

dns::IpAddress address_of(const sockaddr_in& address) {
  std::array<std::uint8_t, 4> octets{};
  std::memcpy(octets.data(), &address.sin_addr, octets.size());
  return dns::IpAddress::v4(octets);
}

dns::IpAddress address_of(const sockaddr_in6& address) {
  std::array<std::uint8_t, 16> octets{};
  std::memcpy(octets.data(), &address.sin6_addr, octets.size());
  return dns::IpAddress::v6(octets);
}

// To connect a datagram socket chooses an address and sends nothing.
template <typename Address>
void add_address_towards(Address address, std::vector<dns::IpAddress>& addresses) {
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  const int descriptor = socket(generic->sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  socklen_t size = sizeof address;
  if (descriptor >= 0 && connect(descriptor, generic, size) == 0 &&
      getsockname(descriptor, generic, &size) == 0) {
    addresses.push_back(address_of(address));
  }
  if (descriptor >= 0) {
    close(descriptor);
  }
}

}  // namespace

std::vector<dns::IpAddress> sending_addresses() {
  std::vector<dns::IpAddress> addresses;
  add_address_towards(far_away_v4(), addresses);
  add_address_towards(far_away_v6(), addresses);
  return addresses;
}

Sources host_sources(std::shared_ptr<dns::Resolver> resolver) {
  return {.run = run_command,
          .lookups = [resolver = std::move(resolver)] { return patient_lookups(resolver); },
          .read_file = read_file,
          .files = find_file,
          .addresses = sending_addresses,
          .now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now())};
}

}  // namespace sekisho::tools::setup
