#include "report/recorder/sent_tallies.hpp"

#include <algorithm>
#include <utility>

namespace sekisho::report::recorder {

SentTallies::Key SentTallies::key_of(const store::Tally& tally) {
  return {tally.begin, tally.author, tally.party};
}

void SentTallies::note_own(std::span<const store::Tally> tallies) {
  for (const store::Tally& tally : tallies) {
    if (tally.kind == store::TallyKind::sent) {
      own_[key_of(tally)] += tally.messages;
    }
  }
}

std::vector<store::Tally> SentTallies::without_own(std::vector<store::Tally> in_store) const {
  for (store::Tally& tally : in_store) {
    const auto own = own_.find(key_of(tally));
    if (own != own_.end()) {
      tally.messages -= std::min(tally.messages, own->second);
    }
  }
  std::erase_if(in_store, [](const store::Tally& tally) { return tally.messages == 0; });
  return in_store;
}

void SentTallies::forget_before(std::chrono::sys_seconds first) {
  std::erase_if(own_, [&](const auto& each) { return std::get<0>(each.first) < first; });
}

}  // namespace sekisho::report::recorder
