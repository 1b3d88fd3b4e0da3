// One question under way, over servers and tries, and those who wait for its answer.
#pragma once

#include "dns/exchange.hpp"
#include "dns/waiter.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>

#include <asio/steady_timer.hpp>

namespace sekisho::dns {

/// Belongs to the network thread. Servers are asked in turn, beginning with the one that answered
/// last. A server that answers with a failure, or cannot be reached, gives way at once, one that is
/// silent after `attempt_timeout`. When all have had their turn, a failure that one of them told is
/// the result; without one it starts over. The end comes `timeout` after the last one joined, also
/// where nobody waits any more: the answer is good for the cache.
class Inquiry : public std::enable_shared_from_this<Inquiry> {
 public:
  /// Called once, before those who wait are resumed.
  using Done = std::function<void(const Answer&)>;

  Inquiry(Transport& transport, Question question, Done done);

  void join(Deadline deadline, Waiter waiter);
  void start();
  void finish(const Answer& answer);

 private:
  using Clock = std::chrono::steady_clock;

  [[nodiscard]] std::size_t server_of(std::size_t attempt) const;
  void ask_next();
  void ask_later();
  void on_result(const std::expected<Answer, Exchange::Failure>& result);
  void arm_expiry();
  void on_expiry();

  Transport& transport_;
  Question question_;
  Done done_;
  std::size_t first_server_;
  std::size_t attempts_ = 0;
  std::optional<Answer> failure_;
  std::shared_ptr<Exchange> exchange_;
  std::multimap<Deadline, Waiter> waiting_;
  Deadline end_;
  asio::steady_timer expiry_;
  asio::steady_timer pause_;
  std::chrono::milliseconds next_pause_;
};

}  // namespace sekisho::dns
