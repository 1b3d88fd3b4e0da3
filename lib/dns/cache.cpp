#include "dns/cache.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

namespace sekisho::dns {

namespace {

constexpr std::size_t octets_of_one_entry = 512;

std::size_t text_size(const Record& record) {
  if (const auto* text = std::get_if<Text>(&record)) {
    return text->data.size();
  }
  if (const auto* host = std::get_if<HostName>(&record)) {
    return host->name.size();
  }
  if (const auto* exchange = std::get_if<MailExchange>(&record)) {
    return exchange->host.size();
  }
  return 0;
}

std::size_t cost_of(const Answer& answer) {
  std::size_t octets = 0;
  if (answer.records) {
    for (const Record& record : *answer.records) {
      octets += sizeof(Record) + text_size(record);
    }
  }
  return 1 + octets / octets_of_one_entry;
}

}  // namespace

std::optional<Answer> Cache::find(const Question& question, Time now) {
  const auto found = entries_.find(question);
  if (found == entries_.end()) {
    return std::nullopt;
  }
  if (found->second.end <= now) {
    erase(found);
    return std::nullopt;
  }
  uses_.splice(uses_.begin(), uses_, found->second.use);
  return found->second.answer;
}

void Cache::store(const Question& question, const Answer& answer, Time now) {
  const std::size_t cost = cost_of(answer);
  const std::chrono::seconds kept = time_to_keep(answer);
  if (kept.count() <= 0 || cost > limits_.entries) {
    return;
  }
  if (const auto old = entries_.find(question); old != entries_.end()) {
    erase(old);
  }
  while (cost_ + cost > limits_.entries) {
    erase(uses_.back());
  }
  std::list<Entries::iterator> use(1);  // made first, so that no entry is left without
  use.front() = entries_.emplace(question, Entry{answer, now + kept, cost, use.begin()}).first;
  uses_.splice(uses_.begin(), use);
  cost_ += cost;
}

void Cache::clear() {
  uses_.clear();
  entries_.clear();
  cost_ = 0;
}

std::chrono::seconds Cache::time_to_keep(const Answer& answer) const {
  if (answer.status == Status::found) {
    return std::min(std::max(answer.ttl, limits_.min_ttl), limits_.max_ttl);
  }
  // RFC 2308 §5: without an SOA, or with a TTL of zero, not to be kept.
  if (is_temporary(answer.status) || answer.ttl.count() == 0) {
    return std::chrono::seconds{0};
  }
  return std::min(std::max(answer.ttl, limits_.min_ttl), limits_.max_negative_ttl);
}

void Cache::erase(Entries::iterator entry) {
  cost_ -= entry->second.cost;
  uses_.erase(entry->second.use);
  entries_.erase(entry);
}

}  // namespace sekisho::dns
