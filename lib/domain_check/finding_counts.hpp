// How many findings the watched domains have: written by `sekisho domain check --watched`, read by
// the daemon for its metrics.
#pragma once

#include "domain_check/finding.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::domain_check {

struct FindingCount {
  std::string domain;
  Level level = Level::error;
  std::size_t count = 0;
  bool operator==(const FindingCount&) const = default;
};

inline constexpr std::size_t max_counts_octets = std::size_t{1024} * 1024;

/// A line `example.org error 2` for each.
[[nodiscard]] std::string format_counts(std::span<const FindingCount> counts);

/// Lines that are not as format_counts() writes them are left out, as is all beyond
/// max_counts_octets.
[[nodiscard]] std::vector<FindingCount> parse_counts(std::string_view text);

}  // namespace sekisho::domain_check
