#include "milter/session/client_address.hpp"

#include <array>
#include <cstring>

#include <netinet/in.h>
#include <sys/socket.h>

namespace sekisho::milter {

bool is_known(const sockaddr* address) {
  return address != nullptr;
}

std::optional<dns::IpAddress> address_from(const sockaddr* address) {
  if (address == nullptr) {
    return std::nullopt;
  }
  if (address->sa_family == AF_INET) {
    sockaddr_in inet{};
    std::memcpy(&inet, address, sizeof inet);
    std::array<std::uint8_t, 4> octets{};
    std::memcpy(octets.data(), &inet.sin_addr, octets.size());
    return dns::IpAddress::v4(octets);
  }
  if (address->sa_family == AF_INET6) {
    sockaddr_in6 inet{};
    std::memcpy(&inet, address, sizeof inet);
    std::array<std::uint8_t, 16> octets{};
    std::memcpy(octets.data(), &inet.sin6_addr, octets.size());
    return dns::IpAddress::v6(octets).unmapped();
  }
  return std::nullopt;
}

std::uint16_t port_from(const sockaddr* address) {
  if (address == nullptr) {
    return 0;
  }
  if (address->sa_family == AF_INET) {
    sockaddr_in inet{};
    std::memcpy(&inet, address, sizeof inet);
    return ntohs(inet.sin_port);
  }
  if (address->sa_family == AF_INET6) {
    sockaddr_in6 inet{};
    std::memcpy(&inet, address, sizeof inet);
    return ntohs(inet.sin6_port);
  }
  return 0;
}

}  // namespace sekisho::milter
