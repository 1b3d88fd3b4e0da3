#include "dns/ip_address.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <span>

#include <arpa/inet.h>

namespace sekisho::dns {

namespace {

using Octets = std::array<std::uint8_t, 16>;

constexpr std::array<std::uint8_t, 12> mapped_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

bool is_mapped(const Octets& octets) {
  return std::ranges::equal(std::span(octets).first<12>(), mapped_prefix);
}

std::string number(unsigned value, int base) {
  std::array<char, 8> digits{};
  const auto end = std::to_chars(digits.begin(), digits.end(), value, base).ptr;
  return {digits.begin(), end};
}

std::string dotted_quad(std::span<const std::uint8_t, 4> octets) {
  std::string text = number(octets[0], 10);
  for (const std::uint8_t octet : octets.subspan(1)) {
    text += '.' + number(octet, 10);
  }
  return text;
}

// RFC 5952 §4.2: "::" stands for the longest run of at least two zero groups, the first of equals.
struct ZeroRun {
  std::size_t begin = 8;
  std::size_t length = 1;
  [[nodiscard]] std::size_t end() const { return begin + length; }
};

ZeroRun longest_zero_run(const std::array<unsigned, 8>& groups) {
  ZeroRun longest;
  for (std::size_t i = 0; i < groups.size();) {
    std::size_t end = i;
    while (end < groups.size() && groups[end] == 0) {
      ++end;
    }
    if (end - i > longest.length) {
      longest = {i, end - i};
    }
    i = end + 1;
  }
  return longest;
}

std::string colon_groups(const Octets& octets) {
  std::array<unsigned, 8> groups{};
  for (std::size_t i = 0; i < groups.size(); ++i) {
    groups[i] = octets[2 * i] * 256U + octets[2 * i + 1];
  }
  const ZeroRun zeros = longest_zero_run(groups);
  std::string text;
  for (std::size_t i = 0; i < groups.size();) {
    if (i == zeros.begin) {
      text += "::";
      i = zeros.end();
      continue;
    }
    if (!text.empty() && i != zeros.end()) {
      text += ':';
    }
    text += number(groups[i], 16);
    ++i;
  }
  return text;
}

}  // namespace

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  if (text.size() >= INET6_ADDRSTRLEN || text.contains('\0')) {
    return std::nullopt;
  }
  const std::string terminated(text);
  IpAddress address;
  if (inet_pton(AF_INET, terminated.c_str(), address.octets_.data()) == 1) {
    return address;
  }
  Octets octets{};
  if (inet_pton(AF_INET6, terminated.c_str(), octets.data()) != 1) {
    return std::nullopt;
  }
  return v6(octets).unmapped();
}

IpAddress IpAddress::v4(const std::array<std::uint8_t, 4>& octets) {
  IpAddress address;
  std::ranges::copy(octets, address.octets_.begin());
  return address;
}

IpAddress IpAddress::v6(const std::array<std::uint8_t, 16>& octets) {
  IpAddress address;
  address.octets_ = octets;
  address.v4_ = false;
  return address;
}

std::string IpAddress::text() const {
  if (v4_) {
    return dotted_quad(std::span(octets_).first<4>());
  }
  if (is_mapped(octets_)) {
    return "::ffff:" + dotted_quad(std::span(octets_).last<4>());  // RFC 5952 §5
  }
  return colon_groups(octets_);
}

std::string IpAddress::reverse_name() const {
  if (v4_) {
    const std::array<std::uint8_t, 4> reversed{octets_[3], octets_[2], octets_[1], octets_[0]};
    return dotted_quad(reversed) + ".in-addr.arpa";  // RFC 1035 §3.5
  }
  std::string name;  // RFC 3596 §2.5
  for (std::size_t i = octets_.size(); i-- > 0;) {
    name += number(octets_[i] & 0xfU, 16) + '.';
    name += number(octets_[i] >> 4U, 16) + '.';
  }
  return name + "ip6.arpa";
}

IpAddress IpAddress::unmapped() const {
  return v4_ || !is_mapped(octets_) ? *this
                                    : v4({octets_[12], octets_[13], octets_[14], octets_[15]});
}

bool IpAddress::is_in(const IpAddress& network, unsigned prefix_length) const {
  if (v4_ != network.v4_) {
    return false;
  }
  const unsigned bits = std::min(prefix_length, v4_ ? 32U : 128U);
  const std::size_t whole = bits / 8;
  if (!std::equal(octets_.begin(), octets_.begin() + whole, network.octets_.begin())) {
    return false;
  }
  const unsigned rest = bits % 8;
  return rest == 0 || (octets_[whole] ^ network.octets_[whole]) >> (8 - rest) == 0;
}

}  // namespace sekisho::dns
