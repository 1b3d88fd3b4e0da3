#include "report/recorder/tally_limit.hpp"

#include <utility>

namespace sekisho::report::recorder {

store::Tally TallyLimit::admit(store::Tally tally) {
  if (tally.kind != store::TallyKind::change) {
    return tally;
  }
  if (const auto day = std::chrono::floor<std::chrono::days>(tally.begin); day != day_) {
    day_ = day;
    rows_.clear();
  }
  const std::string row = tally.author + '\n' + tally.party + '\n' + tally.detail;
  if (rows_.contains(row)) {
    return tally;
  }
  if (rows_.size() < max_rows) {
    rows_.insert(row);
    return tally;
  }
  tally.author.clear();
  tally.party.clear();
  return tally;
}

}  // namespace sekisho::report::recorder
