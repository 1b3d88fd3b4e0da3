// On whose behalf questions are asked: the share that they count against, and whether anybody still
// wants the answers.
#pragma once

#include "dns/ip_address.hpp"

#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>

namespace sekisho::dns {

/// Who causes questions. As made by default: ourselves.
struct Client {
  /// Of an IPv6 address its /64, of which each host has all. Nullopt: ourselves.
  std::optional<IpAddress> address;
  /// Its IPv4 /24 or IPv6 /48, which one party can be expected to hold.
  IpAddress network;
  /// Known to be good: has a reserve that others cannot use up.
  bool is_trusted = false;

  auto operator<=>(const Client&) const = default;
};

[[nodiscard]] Client client_of(const IpAddress& address, bool is_trusted = false);
/// The network that `address` counts for.
[[nodiscard]] IpAddress network_of(const IpAddress& address);

/// One party to the DNS: the look-ups of one mechanism for one message. Thread-safe.
class Asker {
 public:
  explicit Asker(const Client& client) : client_(client) {}

  [[nodiscard]] const Client& client() const { return client_; }

  /// No answer is wanted any more; final.
  void give_up() { has_given_up_ = true; }
  [[nodiscard]] bool has_given_up() const { return has_given_up_; }

  /// Kept by the resolver: the questions that it has not answered yet.
  void begin_question() { ++under_way_; }
  void end_question() { --under_way_; }
  [[nodiscard]] std::size_t under_way() const { return under_way_; }

 private:
  Client client_;
  std::atomic<bool> has_given_up_ = false;
  std::atomic<std::size_t> under_way_ = 0;
};
using AskerPtr = std::shared_ptr<Asker>;

}  // namespace sekisho::dns
