// One question under way, over servers and tries, and those who wait for its answer.
#pragma once

#include "dns/exchange.hpp"
#include "dns/shares.hpp"
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
/// where nobody waits any more, since the answer is good for the cache; but at once where all who
/// joined have given up. It is its own claim to a place among the questions under way.
class Inquiry : public std::enable_shared_from_this<Inquiry>, public Claim {
 public:
  /// Called once, before those who wait are resumed. Nullopt: all have given up.
  using Done = std::function<void(const std::optional<Answer>&)>;

  Inquiry(Transport& transport, Question question, Done done);

  void join(Deadline deadline, Waiter waiter);
  /// Asks the first server; to be called once.
  void start();
  void finish(const Answer& answer);

  /// Whether drop_given_up() would find anybody.
  [[nodiscard]] bool has_given_up_waiters() const;
  /// Those who have given up wait no more, and without any other the question ends.
  void drop_given_up();

 private:
  using Clock = std::chrono::steady_clock;
  using Waiting = std::multimap<Deadline, Waiter>;

  [[nodiscard]] std::size_t server_of(std::size_t attempt) const;
  void follow_servers();
  void ask_next();
  void ask_later();
  void on_result(const std::expected<Answer, Exchange::Failure>& result);
  void arm_expiry();
  void on_expiry();
  /// No more is asked. Those who are to be told.
  [[nodiscard]] Waiting close(const std::optional<Answer>& answer);

  Transport& transport_;
  Question question_;
  Done done_;
  ServersPtr servers_;
  std::size_t first_server_ = 0;
  std::size_t attempts_ = 0;
  std::optional<Answer> failure_;
  std::shared_ptr<Exchange> exchange_;
  Waiting waiting_;
  Deadline end_;
  asio::steady_timer expiry_;
  asio::steady_timer pause_;
  std::chrono::milliseconds next_pause_;
};

}  // namespace sekisho::dns
