#include "preflight/sent_volume.hpp"

#include <algorithm>
#include <array>
#include <functional>

namespace sekisho::preflight {

std::uint64_t SentVolume::sum(const Volume& volume, std::chrono::sys_seconds now) {
  std::uint64_t messages = 0;
  for (const Hours* hours : {&volume.here, &volume.elsewhere}) {
    for (auto each = hours->upper_bound(now - sent_window); each != hours->end(); ++each) {
      messages += each->second;
    }
  }
  return messages;
}

SentVolume::Volume* SentVolume::find(Volumes& volumes, const SentCount& count) {
  const std::pair pair(count.author, count.receiver);
  const auto found = volumes.find(pair);
  if (found != volumes.end()) {
    return &found->second;
  }
  if (volumes.size() >= max_pairs) {
    std::erase_if(volumes, [&](const auto& each) { return sum(each.second, count.hour) == 0; });
  }
  return volumes.size() < max_pairs ? &volumes[pair] : nullptr;
}

void SentVolume::add(const SentCount& count) {
  const auto volumes = volumes_.lock();
  Volume* volume = find(*volumes, count);
  if (volume == nullptr) {
    return;
  }
  volume->here[count.hour] += count.messages;
  volume->here.erase(volume->here.begin(), volume->here.upper_bound(count.hour - 2 * sent_window));
}

void SentVolume::set_elsewhere(std::span<const SentCount> counts) {
  const auto volumes = volumes_.lock();
  for (auto& [pair, volume] : *volumes) {
    volume.elsewhere.clear();
  }
  for (const SentCount& count : counts) {
    if (Volume* volume = find(*volumes, count)) {
      volume->elsewhere[count.hour] += count.messages;
    }
  }
}

std::uint64_t SentVolume::messages(const std::string& author, const std::string& receiver,
                                   std::chrono::sys_seconds now) const {
  const auto volumes = volumes_.lock();
  const auto found = volumes->find({author, receiver});
  return found == volumes->end() ? 0 : sum(found->second, now);
}

std::optional<unsigned> SentVolume::newly_reached(const SentCount& count, std::size_t limit,
                                                  std::chrono::sys_seconds now) {
  constexpr std::array<unsigned, 3> levels = {100, 80, 50};
  const auto volumes = volumes_.lock();
  const auto found = volumes->find({count.author, count.receiver});
  if (limit == 0 || found == volumes->end()) {
    return std::nullopt;
  }
  Volume& volume = found->second;
  const std::uint64_t messages = sum(volume, now);
  const auto* const level = std::ranges::find_if(
      levels, [&](unsigned percent) { return messages * 100 >= limit * std::uint64_t{percent}; });
  if (volume.told_at + sent_window <= now) {
    volume.told = 0;
  }
  if (level == levels.end() || *level <= volume.told) {
    return std::nullopt;
  }
  volume.told = *level;
  volume.told_at = now;
  return *level;
}

std::vector<SentCount> SentVolume::sums(std::chrono::sys_seconds now) const {
  std::vector<SentCount> counts;
  {
    const auto volumes = volumes_.lock();
    for (const auto& [pair, volume] : *volumes) {
      if (const std::uint64_t messages = sum(volume, now); messages > 0) {
        counts.push_back({pair.first, pair.second, {}, messages});
      }
    }
  }
  std::ranges::stable_sort(counts, std::ranges::greater{}, &SentCount::messages);
  return counts;
}

}  // namespace sekisho::preflight
