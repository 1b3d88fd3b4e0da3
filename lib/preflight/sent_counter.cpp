#include "preflight/sent_counter.hpp"

#include "dmarc/public_suffixes.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>

namespace sekisho::preflight {

namespace {

// Each message looks at some of those who wait, so that none pays for all of them.
constexpr std::ptrdiff_t most_taken = 200;

template <typename T>
std::vector<T> take_front(std::vector<T>& all) {
  const auto end = all.begin() + std::min(std::ssize(all), most_taken);
  std::vector<T> taken(std::move_iterator(all.begin()), std::move_iterator(end));
  all.erase(all.begin(), end);
  return taken;
}

}  // namespace

std::vector<SentCount> SentCounter::count(const SentMessage& message, const ReceiverRules& rules,
                                          dns::Resolver& resolver, std::chrono::sys_seconds now) {
  const auto hour = std::chrono::floor<std::chrono::hours>(now);
  std::vector<Waiting> recipients = take_front(*waiting_.lock());
  for (const mail::Domain& domain : message.recipient_domains) {
    recipients.push_back({message.author, domain, hour});
  }
  std::vector<SentCount> counts;
  std::vector<Waiting> still_waiting;
  for (Waiting& each : recipients) {
    const auto receiver = receivers_.find(each.recipient, rules, resolver, now);
    if (!receiver) {
      still_waiting.push_back(std::move(each));
    } else if (!receiver->empty()) {
      counts.push_back({std::move(each.author), *receiver, each.hour, 1});
      volume_.add(counts.back());
    }
  }
  const auto kept = waiting_.lock();
  for (Waiting& each : still_waiting) {
    if (kept->size() < max_waiting) {
      kept->push_back(std::move(each));
    }
  }
  return counts;
}

std::string counted_author(const mail::Domain& author) {
  static const dmarc::PublicSuffixes suffixes;
  return suffixes.organizational_domain(author).text();
}

}  // namespace sekisho::preflight
