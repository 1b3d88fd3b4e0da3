#include "domain_check/address_set.hpp"

#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::domain_check {
namespace {

using Ranges = std::vector<std::pair<std::uint64_t, std::uint64_t>>;

RangeSet set_of(const Ranges& ranges) {
  RangeSet set;
  for (const auto& [first, last] : ranges) {
    set.add({first, last});
  }
  return set;
}

Ranges ranges_of(const RangeSet& set) {
  Ranges ranges;
  for (const RangeSet::Range& range : set.ranges()) {
    ranges.emplace_back(range.first, range.last);
  }
  return ranges;
}

constexpr std::uint64_t top = UINT64_MAX;

TEST_CASE("ranges are added and removed", "[domain_check]") {
  struct Case {
    Ranges first;
    Ranges second;
    Ranges sum;
    Ranges rest;
  };
  const Case cases[] = {
      {{{1, 2}}, {}, {{1, 2}}, {{1, 2}}},
      {{}, {{1, 2}}, {{1, 2}}, {}},
      {{{1, 4}}, {{4, 6}}, {{1, 6}}, {{1, 3}}},
      {{{4, 6}}, {{1, 4}}, {{1, 6}}, {{5, 6}}},
      {{{1, 9}}, {{3, 4}}, {{1, 9}}, {{1, 2}, {5, 9}}},
      {{{3, 4}}, {{1, 9}}, {{1, 9}}, {}},
      {{{1, 2}, {5, 6}, {9, 9}}, {{2, 5}}, {{1, 6}, {9, 9}}, {{1, 1}, {6, 6}, {9, 9}}},
      {{{5, 6}, {1, 2}}, {{7, 8}}, {{1, 2}, {5, 6}, {7, 8}}, {{1, 2}, {5, 6}}},
      {{{1, 9}}, {{1, 2}, {4, 4}, {9, 20}}, {{1, 20}}, {{3, 3}, {5, 8}}},
      {{{1, 9}, {11, 19}}, {{9, 11}}, {{1, 19}}, {{1, 8}, {12, 19}}},
      {{{0, top}}, {{0, 0}, {top, top}}, {{0, top}}, {{1, top - 1}}},
  };
  for (const Case& each : cases) {
    const std::size_t number = static_cast<std::size_t>(&each - cases);
    CAPTURE(number);
    const RangeSet second = set_of(each.second);
    RangeSet one_by_one = set_of(each.first);
    for (const RangeSet::Range& range : second.ranges()) {
      one_by_one.add(range);
    }
    CHECK(ranges_of(one_by_one) == each.sum);
    RangeSet sum = set_of(each.first);
    sum.add(second);
    CHECK(ranges_of(sum) == each.sum);
    RangeSet rest = set_of(each.first);
    rest.remove(second);
    CHECK(ranges_of(rest) == each.rest);
    CHECK(rest.is_empty() == each.rest.empty());
  }
}

TEST_CASE("the size of a set stops at its greatest number", "[domain_check]") {
  CHECK(set_of({}).size() == 0);
  CHECK(set_of({{3, 3}}).size() == 1);
  CHECK(set_of({{1, 2}, {7, 9}}).size() == 5);
  CHECK(set_of({{1, top}}).size() == top);
  CHECK(set_of({{0, top}}).size() == top);
  CHECK(set_of({{0, 0}, {2, top}}).size() == top);
  CHECK(set_of({{0, 0}, {3, top}}).size() == top - 1);
}

TEST_CASE("samples are the first addresses of ranges, as many as are wanted", "[domain_check]") {
  AddressSet set;
  const auto add = [&](const std::string& address, unsigned length) {
    set.add(dns::IpAddress::parse(address).value(), length);
  };
  add("198.51.100.77", 24);
  add("192.0.2.1", 32);
  add("2001:db8:0:1::9", 128);
  add("2001:db8:0:8::", 62);
  const auto samples = [&](std::size_t limit) {
    std::string text;
    for (const dns::IpAddress& address : set.samples(limit)) {
      text += (text.empty() ? "" : " ") + address.text();
    }
    return text;
  };
  CHECK(samples(9) == "192.0.2.1 198.51.100.0 2001:db8:0:1:: 2001:db8:0:8::");
  CHECK(samples(3) == "192.0.2.1 198.51.100.0 2001:db8:0:1::");
  CHECK(samples(1) == "192.0.2.1");
  CHECK(samples(0).empty());
  CHECK(set.ipv4_addresses() == 257);
  CHECK(set.ipv6_networks() == 5);
}

}  // namespace
}  // namespace sekisho::domain_check
