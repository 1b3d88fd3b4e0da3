// The networks whose mail was good lately: under an attack on the DNS their look-ups go first.
#pragma once

#include "dns/ip_address.hpp"
#include "guarded.hpp"

#include <cstddef>
#include <set>

namespace sekisho::checkpoint {

/// Bounded; what was not seen for longest gives way. Thread-safe.
class GoodClients {
 public:
  static constexpr std::size_t default_capacity = 20'000;

  explicit GoodClients(std::size_t capacity = default_capacity)
      : generation_size_((capacity + 1) / 2) {}

  /// A message of this client was authentic, and every look-up for it was answered.
  void note_good(const dns::IpAddress& client);
  /// One was not, or its sender's DNS was too slow for it.
  void note_doubtful(const dns::IpAddress& client);
  [[nodiscard]] bool knows(const dns::IpAddress& client);

 private:
  using Networks = std::set<dns::IpAddress>;
  // When the recent are as many as there may be, the old are dropped, and the recent are the old.
  struct Generations {
    Networks recent;
    Networks old;
  };

  std::size_t generation_size_;
  Guarded<Generations> kept_;
};

}  // namespace sekisho::checkpoint
