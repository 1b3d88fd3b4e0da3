#include "tools/preflight/sent_by_store.hpp"

#include "preflight/sent_volume.hpp"
#include "report/store/tallies.hpp"
#include "tools/report/store.hpp"

#include <map>
#include <utility>

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
      store->database(), report::store::TallyKind::sent,
      now - preflight::SentVolume::sent_window + std::chrono::seconds{1});
  if (!tallies) {
    static_cast<void>(complain("preflight", {exit_failure, tallies.error().text}));
    return {};
  }
  std::map<std::pair<std::string, std::string>, std::uint64_t> sums;
  for (const report::store::Tally& tally : *tallies) {
    sums[{tally.author, tally.party}] += tally.messages;
  }
  return [sums = std::move(sums)](const std::string& author, const preflight::Receiver& receiver) {
    const auto found = sums.find({author, receiver.name});
    return found == sums.end() ? 0 : found->second;
  };
}

}  // namespace sekisho::tools
