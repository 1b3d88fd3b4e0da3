#include "tools/preflight/sent_by_store.hpp"

#include "preflight/sent_volume.hpp"
#include "report/store/tallies.hpp"
#include "tools/report/store.hpp"

#include <memory>
#include <vector>

namespace sekisho::tools {

std::function<std::uint64_t(const std::string&, const preflight::Receiver&)> sent_by_store(
    const config::Options& options, std::chrono::sys_seconds now) {
  if (options.feedback.store.empty()) {
    return {};
  }
  auto store = open_store(StoreArguments{}, options, Absence::refuse);
  if (!store) {
    static_cast<void>(complain("preflight", store.error()));
    return {};
  }
  const auto tallies = report::store::read_tallies(
      store->database(), report::store::TallyKind::sent, now - preflight::SentVolume::sent_window);
  if (!tallies) {
    static_cast<void>(complain("preflight", {exit_failure, tallies.error().text}));
    return {};
  }
  std::vector<preflight::SentCount> counts;
  for (const report::store::Tally& tally : *tallies) {
    counts.push_back({tally.author, tally.party, tally.begin, tally.messages});
  }
  const auto volume = std::make_shared<preflight::SentVolume>();
  volume->set_elsewhere(counts);
  return [volume, now](const std::string& author, const preflight::Receiver& receiver) {
    return volume->messages(author, receiver.name, now);
  };
}

}  // namespace sekisho::tools
