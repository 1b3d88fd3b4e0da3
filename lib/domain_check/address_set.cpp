#include "domain_check/address_set.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <limits>

namespace sekisho::domain_check {

namespace {

constexpr std::uint64_t greatest = std::numeric_limits<std::uint64_t>::max();

std::uint64_t number(const dns::IpAddress& address, std::size_t octets) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < octets; ++i) {
    value = value << 8U | address.octets().at(i);
  }
  return value;
}

RangeSet::Range network_range(std::uint64_t value, unsigned bits, unsigned prefix_length) {
  const unsigned host_bits = bits - std::min(prefix_length, bits);
  const std::uint64_t host = host_bits >= 64 ? greatest : (std::uint64_t{1} << host_bits) - 1;
  return {value & ~host, value | host};
}

dns::IpAddress v4_address(std::uint64_t value) {
  std::array<std::uint8_t, 4> octets{};
  for (std::size_t i = octets.size(); i-- > 0; value >>= 8U) {
    octets[i] = static_cast<std::uint8_t>(value);
  }
  return dns::IpAddress::v4(octets);
}

// The first host of the network.
dns::IpAddress v6_address(std::uint64_t network) {
  std::array<std::uint8_t, 16> octets{};
  for (std::size_t i = 8; i-- > 0; network >>= 8U) {
    octets[i] = static_cast<std::uint8_t>(network);
  }
  return dns::IpAddress::v6(octets);
}

}  // namespace

void RangeSet::add(Range range) {
  const auto touches = [](const Range& a, const Range& b) {
    return a.first <= b.last && b.first <= a.last;
  };
  const auto begin = std::ranges::lower_bound(ranges_, range.first, {}, &Range::last);
  auto end = begin;
  while (end != ranges_.end() && touches(*end, range)) {
    range = {std::min(range.first, end->first), std::max(range.last, end->last)};
    ++end;
  }
  ranges_.insert(ranges_.erase(begin, end), range);
}

// In one pass: sets of many ranges are added up along a chain of includes.
void RangeSet::add(const RangeSet& other) {
  std::vector<Range> sorted;
  sorted.reserve(ranges_.size() + other.ranges_.size());
  std::ranges::merge(ranges_, other.ranges_, std::back_inserter(sorted), {}, &Range::first,
                     &Range::first);
  ranges_.clear();
  for (const Range& range : sorted) {
    if (!ranges_.empty() && range.first <= ranges_.back().last) {
      ranges_.back().last = std::max(ranges_.back().last, range.last);
    } else {
      ranges_.push_back(range);
    }
  }
}

void RangeSet::remove(const RangeSet& other) {
  std::vector<Range> left;
  auto gap = other.ranges_.begin();
  for (Range range : ranges_) {
    while (gap != other.ranges_.end() && gap->last < range.first) {
      ++gap;
    }
    bool is_gone = false;
    for (auto cut = gap; cut != other.ranges_.end() && cut->first <= range.last; ++cut) {
      if (cut->first > range.first) {
        left.push_back({range.first, cut->first - 1});
      }
      is_gone = cut->last >= range.last;
      if (is_gone) {
        break;
      }
      range.first = cut->last + 1;
    }
    if (!is_gone) {
      left.push_back(range);
    }
  }
  ranges_ = std::move(left);
}

std::uint64_t RangeSet::size() const {
  std::uint64_t size = 0;
  for (const Range& range : ranges_) {
    const std::uint64_t rest = range.last - range.first;
    if (rest == greatest || size > greatest - rest - 1) {
      return greatest;
    }
    size += rest + 1;
  }
  return size;
}

void AddressSet::add(const dns::IpAddress& network, unsigned prefix_length) {
  if (network.is_v4()) {
    v4_.add(network_range(number(network, 4), 32, prefix_length));
    return;
  }
  v6_.add(network_range(number(network, 8), 64, prefix_length));
}

void AddressSet::add(const AddressSet& other) {
  v4_.add(other.v4_);
  v6_.add(other.v6_);
}

void AddressSet::remove(const AddressSet& other) {
  v4_.remove(other.v4_);
  v6_.remove(other.v6_);
}

std::vector<dns::IpAddress> AddressSet::samples(std::size_t limit) const {
  std::vector<dns::IpAddress> samples;
  for (const RangeSet::Range& range : v4_.ranges()) {
    if (samples.size() < limit) {
      samples.push_back(v4_address(range.first));
    }
  }
  for (const RangeSet::Range& range : v6_.ranges()) {
    if (samples.size() < limit) {
      samples.push_back(v6_address(range.first));
    }
  }
  return samples;
}

}  // namespace sekisho::domain_check
