#include "report/analysis/breakage.hpp"

#include <algorithm>
#include <utility>

namespace sekisho::report::analysis {

std::vector<Breakage> sum_breakage(std::span<const BrokenSignatures> broken,
                                   const std::string& author) {
  std::map<std::string, Breakage> parties;
  for (const BrokenSignatures& each : broken) {
    if (!author.empty() && each.author != author) {
      continue;
    }
    const auto [place, is_new] = parties.try_emplace(each.party);
    Breakage& sum = place->second;
    sum.party = each.party;
    sum.first = is_new ? each.day : std::min(sum.first, each.day);
    sum.last = std::max(sum.last, each.day);
    sum.messages += each.messages;
    sum.changes[each.change] += each.messages;
    sum.authors[each.author] += each.messages;
  }
  std::vector<Breakage> sums;
  sums.reserve(parties.size());
  for (auto& [party, sum] : parties) {
    sums.push_back(std::move(sum));
  }
  std::ranges::sort(sums, [](const Breakage& one, const Breakage& other) {
    return std::pair(other.messages, one.party) < std::pair(one.messages, other.party);
  });
  return sums;
}

}  // namespace sekisho::report::analysis
