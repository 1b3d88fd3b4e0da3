#include "dns/network.hpp"

#include <array>
#include <charconv>
#include <optional>

namespace sekisho::dns {

namespace {

std::optional<unsigned> parse_length(std::string_view text, unsigned most) {
  unsigned length = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, length);
  if (error != std::errc{} || stop != end || length > most) {
    return std::nullopt;
  }
  return length;
}

// Whether the bits behind the prefix are zero: where they are not, somebody meant something else.
bool has_host_bits(const IpAddress& address, unsigned prefix_length) {
  const std::size_t size = address.is_v4() ? 4 : 16;
  for (std::size_t bit = prefix_length; bit < size * 8; ++bit) {
    if (((address.octets()[bit / 8] >> (7 - bit % 8)) & 1U) != 0) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::expected<Network, std::string> Network::parse(std::string_view text) {
  const std::size_t slash = text.find('/');
  const std::optional<IpAddress> address = IpAddress::parse(text.substr(0, slash));
  if (!address) {
    return std::unexpected("not an IPv4 or IPv6 address");
  }
  const unsigned most = address->is_v4() ? 32 : 128;
  if (slash == std::string_view::npos) {
    return Network{*address, most};
  }
  const std::optional<unsigned> length = parse_length(text.substr(slash + 1), most);
  if (!length) {
    return std::unexpected("the prefix length is not 0 to " + std::to_string(most));
  }
  if (has_host_bits(*address, *length)) {
    return std::unexpected("bits are set behind the prefix of " + std::to_string(*length));
  }
  return Network{*address, *length};
}

std::string Network::text() const {
  return address.text() + "/" + std::to_string(prefix_length);
}

}  // namespace sekisho::dns
