// Who breaks signatures on their way, and how.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace sekisho::report::analysis {

/// Messages of one day whose author's signature failed in the same way.
struct BrokenSignatures {
  std::chrono::sys_days day;
  std::string author;  ///< Organizational domain.
  std::string party;   ///< "list:" and an identifier, "host:" and a domain, or "".
  std::string change;  ///< "body.tail", "body", "header".
  std::uint64_t messages = 0;
};

/// What one party broke.
struct Breakage {
  std::string party;
  std::uint64_t messages = 0;
  std::chrono::sys_days first;
  std::chrono::sys_days last;
  std::map<std::string, std::uint64_t> changes;
  std::map<std::string, std::uint64_t> authors;

  bool operator==(const Breakage&) const = default;
};

/// Adds up by party, the one that broke the most first. `author`: of this domain alone; empty: of
/// all.
[[nodiscard]] std::vector<Breakage> sum_breakage(std::span<const BrokenSignatures> broken,
                                                 const std::string& author);

}  // namespace sekisho::report::analysis
