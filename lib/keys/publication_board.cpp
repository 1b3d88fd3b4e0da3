#include "keys/publication_board.hpp"

#include "keys/distinct_keys.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <span>
#include <utility>

namespace sekisho::keys {

namespace {

// Beyond it, keys that could not be foreseen are not enrolled: each costs a look-up a round.
constexpr std::size_t max_enrolled = 10'000;
constexpr std::size_t max_at_once = 300;  // look-ups

}  // namespace

void PublicationBoard::enroll(const std::vector<dkim::SigningKeyPtr>& keys) {
  const auto known = entries_.lock();
  Entries enrolled;
  for (const dkim::SigningKeyPtr& key : keys) {
    const auto [place, is_new] = enrolled.try_emplace(key->record_name(), Entry{.key = key});
    const auto before = known->find(place->first);
    if (is_new && before != known->end() && is_same_key(before->second.key, key)) {
      place->second = before->second;
      place->second.key = key;
    }
  }
  *known = std::move(enrolled);
}

Use PublicationBoard::use(const dkim::SigningKeyPtr& key, bool require_published) {
  if (!require_published) {
    return Use::sign;
  }
  const auto known = entries_.lock();
  std::string name = key->record_name();
  const auto found = known->find(name);
  if (found == known->end()) {
    if (known->size() < max_enrolled) {
      known->emplace(std::move(name), Entry{.key = key});
    }
    return Use::sign;
  }
  const Entry& entry = found->second;
  switch (entry.publication.state) {
    case PublicationState::unknown:
    case PublicationState::published:
      return Use::sign;
    case PublicationState::missing:
    case PublicationState::mismatch:
      return entry.was_published ? Use::sign_with_warning : Use::withhold;
  }
  std::unreachable();
}

bool PublicationBoard::has_unchecked() const {
  const auto known = entries_.lock();
  return std::ranges::any_of(*known, [](const auto& one) { return one.second.asked == 0; });
}

// Those that have waited longest come first: a round ends early where the DNS gives no answer, or
// where a reload is due.
std::vector<dkim::SigningKeyPtr> PublicationBoard::keys() const {
  std::vector<std::pair<std::uint64_t, dkim::SigningKeyPtr>> waiting;
  {
    const auto known = entries_.lock();
    for (const auto& [name, entry] : *known) {
      waiting.emplace_back(entry.asked, entry.key);
    }
  }
  std::ranges::stable_sort(waiting, {}, [](const auto& one) { return one.first; });
  std::vector<dkim::SigningKeyPtr> keys;
  for (auto& [asked, key] : waiting) {
    keys.push_back(std::move(key));
  }
  return keys;
}

std::vector<PublicationChange> PublicationBoard::check_all(const dns::Lookups& lookups,
                                                           std::chrono::milliseconds patience,
                                                           const std::function<bool()>& stop) {
  const std::vector<dkim::SigningKeyPtr> all = keys();
  std::vector<PublicationChange> changes;
  std::span<const dkim::SigningKeyPtr> rest = all;
  bool is_answered = true;
  while (!rest.empty() && is_answered && !(stop && stop())) {
    const auto some = rest.first(std::min(rest.size(), max_at_once));
    rest = rest.subspan(some.size());
    lookups.set_deadline(std::chrono::steady_clock::now() + patience);
    std::vector<dns::Task<Publication>> checks;
    for (const dkim::SigningKeyPtr& key : some) {
      checks.push_back(check_publication(lookups, key));
    }
    is_answered = false;
    for (std::size_t i = 0; i < some.size(); ++i) {
      Publication publication = checks[i].get();
      is_answered |= publication.state != PublicationState::unknown;
      if (auto change = record(some[i], std::move(publication))) {
        changes.push_back(*std::move(change));
      }
    }
  }
  return changes;
}

// Nullopt: nothing new.
std::optional<PublicationChange> PublicationBoard::record(const dkim::SigningKeyPtr& key,
                                                          Publication publication) {
  const auto known = entries_.lock();
  const auto found = known->find(key->record_name());
  if (found == known->end() || !is_same_key(found->second.key, key)) {
    return std::nullopt;  // a reload took it away meanwhile
  }
  Entry& entry = found->second;
  const PublicationState before = entry.publication.state;
  const bool is_answered = publication.state != PublicationState::unknown;
  const bool is_news = is_answered ? publication.state != before : entry.asked == 0;
  PublicationChange change{found->first, before, publication.state, publication.reason};
  entry.asked = ++questions_;
  if (is_answered) {
    entry.was_published |= publication.state == PublicationState::published;
    entry.publication = std::move(publication);
  }
  return is_news ? std::optional(std::move(change)) : std::nullopt;
}

std::size_t PublicationBoard::size() const {
  return entries_.lock()->size();
}

std::map<PublicationState, std::size_t> PublicationBoard::counts() const {
  std::map<PublicationState, std::size_t> counts;
  const auto known = entries_.lock();
  for (const auto& [name, entry] : *known) {
    ++counts[entry.publication.state];
  }
  return counts;
}

}  // namespace sekisho::keys
