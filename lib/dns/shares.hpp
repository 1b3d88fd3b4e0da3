// How the questions that may be under way at once are shared out among those who ask.
#pragma once

#include "dns/asker.hpp"

#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <utility>

namespace sekisho::dns {

/// A question's claim to a place. Written by Shares alone, which borrows it until it is released.
struct Claim {
  enum class State : std::uint8_t { none, waiting, placed };
  State state = State::none;
  Client client;
  std::list<Claim*>::iterator position;  // while it waits
};

/// There is a number of places, each for one question under way. An address gets one as long as it
/// has fewer than an eighth of what is left free, and its network fewer than a quarter: one network
/// alone can hold a fifth of them, two a sixth each, and a new client finds some. What an attacker
/// takes of his network's share costs his neighbours little: an address that has hardly any gets
/// one beyond that share. A tenth is for trusted clients alone. Our own questions (without an
/// address) can have every place.
///
/// What gets no place waits, and as many may wait as there is room for under the same rule. Places
/// that fall free are given to the addresses by turns, and since the rule holds for them as well,
/// to those who have few first: under an attack by many clients a new one waits no longer than
/// until the next place is free.
///
/// Not thread-safe. A claim must be released before its question goes.
class Shares {
 public:
  Shares(std::size_t places, std::size_t waiting) : places_(places), most_waiting_(waiting) {}

  /// A place for a question of this client, if its share allows one more.
  [[nodiscard]] bool take(Claim& claim, const Client& client);
  /// Lets the question wait; false where this client has too many waiting. One that waits already
  /// moves to this client, where fewer wait before it.
  [[nodiscard]] bool wait(Claim& claim, const Client& client);
  /// Gives up the place, or the waiting.
  void release(Claim& claim);
  /// Gives a place to the next one that waits and may have it; null where there is none.
  [[nodiscard]] Claim* next();

  [[nodiscard]] std::size_t placed() const { return placed_.in_all; }
  [[nodiscard]] std::size_t waiting() const { return waiting_.in_all; }

 private:
  using Network = std::pair<IpAddress, bool>;  // and whether it is trusted
  // Of places, or of room to wait.
  struct Use {
    std::size_t in_all = 0;
    std::map<Client, std::size_t> by_client;
    std::map<Network, std::size_t> by_network;

    [[nodiscard]] std::size_t of(const Client& client) const;
    [[nodiscard]] std::size_t of_network(const Client& client) const;
    void add(const Client& client);
    void remove(const Client& client);
  };
  struct Line {
    std::list<Claim*> claims;
    std::list<Client>::iterator turn;
  };

  [[nodiscard]] static bool has_room(const Use& use, std::size_t most, const Client& client);
  void stop_waiting(Claim& claim);

  std::size_t places_;
  std::size_t most_waiting_;
  Use placed_;
  Use waiting_;
  std::map<Client, Line> lines_;  // of those with any waiting
  std::list<Client> turns_;       // the same, whose turn is next first
};

}  // namespace sekisho::dns
