// Answers kept for as long as they allow (RFC 1035 §7.4, RFC 2308 §5).
#pragma once

#include "dns/answer.hpp"

#include <chrono>
#include <cstddef>
#include <list>
#include <map>
#include <optional>

namespace sekisho::dns {

/// Bounded; what was not used for longest gives way. A tree and not a hash table: senders choose
/// the names, and could choose them to collide. Failures are not kept: the recursive server keeps
/// its own (RFC 9520), and equal questions join while they are under way.
class Cache {
 public:
  using Time = std::chrono::steady_clock::time_point;

  struct Limits {
    std::size_t entries = 0;  ///< Of up to 512 octets of records; larger ones count as several.
    std::chrono::seconds min_ttl{0};
    std::chrono::seconds max_ttl{0};
    std::chrono::seconds max_negative_ttl{0};
  };

  explicit Cache(const Limits& limits) : limits_(limits) {}

  /// Names are compared octet by octet: let them be in lower case.
  [[nodiscard]] std::optional<Answer> find(const Question& question, Time now);
  void store(const Question& question, const Answer& answer, Time now);
  void clear();
  [[nodiscard]] std::size_t size() const { return entries_.size(); }

 private:
  struct Entry;
  using Entries = std::map<Question, Entry>;
  struct Entry {
    Answer answer;
    Time end;
    std::size_t cost = 0;
    std::list<Entries::iterator>::iterator use;
  };

  [[nodiscard]] std::chrono::seconds time_to_keep(const Answer& answer) const;
  void erase(Entries::iterator entry);

  Limits limits_;
  std::size_t cost_ = 0;
  Entries entries_;
  std::list<Entries::iterator> uses_;  // the latest first
};

}  // namespace sekisho::dns
