// Sets of addresses, as an SPF record lets them pass: overlaps are counted once.
#pragma once

#include "dns/ip_address.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace sekisho::domain_check {

/// Numbers in ranges that are disjoint and sorted.
class RangeSet {
 public:
  /// Both ends included.
  struct Range {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
  };

  void add(Range range);
  void add(const RangeSet& other);
  void remove(const RangeSet& other);
  /// 2^64 is given as 2^64 - 1.
  [[nodiscard]] std::uint64_t size() const;
  [[nodiscard]] bool is_empty() const { return ranges_.empty(); }
  [[nodiscard]] const std::vector<Range>& ranges() const { return ranges_; }

 private:
  std::vector<Range> ranges_;
};

/// IPv4 addresses, and IPv6 networks of 64 bits.
class AddressSet {
 public:
  void add(const dns::IpAddress& network, unsigned prefix_length);
  void add(const AddressSet& other);
  void remove(const AddressSet& other);

  [[nodiscard]] std::uint64_t ipv4_addresses() const { return v4_.size(); }
  [[nodiscard]] std::uint64_t ipv6_networks() const { return v6_.size(); }
  [[nodiscard]] bool is_empty() const { return v4_.is_empty() && v6_.is_empty(); }
  /// An address of each range, of at most `limit` ranges, IPv4 first.
  [[nodiscard]] std::vector<dns::IpAddress> samples(std::size_t limit) const;

 private:
  RangeSet v4_;
  RangeSet v6_;  // the upper 64 bits
};

}  // namespace sekisho::domain_check
