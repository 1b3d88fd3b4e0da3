// What answers questions: the network (StubResolver), a master file (ZoneFile), or a test's own.
#pragma once

#include "dns/answer.hpp"
#include "dns/asker.hpp"
#include "dns/pending.hpp"

#include <chrono>
#include <utility>

namespace sekisho::dns {

using Deadline = std::chrono::steady_clock::time_point;

/// Thread-safe: any thread may ask, also from within a continuation on the network thread.
class Resolver {
 public:
  Resolver() = default;
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;
  virtual ~Resolver() = default;

  /// Never blocks. The answer is there at `deadline` at the latest, as `Status::timeout` if nothing
  /// better came. CNAME chains are followed as the server gives them.
  [[nodiscard]] virtual Pending<Answer> lookup(Question question, Deadline deadline) = 0;

  /// The same on behalf of `asker`, which matters where questions compete.
  [[nodiscard]] virtual Pending<Answer> lookup_for(const AskerPtr& /*asker*/, Question question,
                                                   Deadline deadline) {
    return lookup(std::move(question), deadline);
  }
  /// An asker gave up: what nobody else waits for ends soon, with `Status::timeout`.
  virtual void drop_given_up() noexcept {}
};

}  // namespace sekisho::dns
