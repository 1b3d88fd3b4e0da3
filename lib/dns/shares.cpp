#include "dns/shares.hpp"

#include <algorithm>
#include <array>

namespace sekisho::dns {

namespace {

constexpr std::size_t reserve_of = 10;       // one place of so many
constexpr std::size_t network_share_of = 4;  // of what is free, one in so many
constexpr std::size_t address_share_of = 8;
// Clients looked at for one place that fell free: the rest have their turn at the next one.
constexpr std::size_t most_turns = 64;

// What an address can have beyond the share of its network, while half of all is free: enough for
// what one message asks at a time.
constexpr std::size_t few(std::size_t most) {
  constexpr std::size_t one_in = 64;
  constexpr std::size_t least = 4;
  constexpr std::size_t enough = 32;
  return std::clamp(most / one_in, least, enough);
}

// The first octets of an address, and zeros.
template <std::size_t Size>
std::array<std::uint8_t, Size> first_octets(const IpAddress& address, std::size_t count) {
  std::array<std::uint8_t, Size> octets{};
  std::ranges::copy_n(address.octets().begin(), static_cast<long>(count), octets.begin());
  return octets;
}

IpAddress host_of(const IpAddress& address) {
  constexpr std::size_t v6_octets = 8;
  return address.is_v4() ? address : IpAddress::v6(first_octets<16>(address, v6_octets));
}

}  // namespace

IpAddress network_of(const IpAddress& address) {
  constexpr std::size_t v4_octets = 3;
  constexpr std::size_t v6_octets = 6;
  const IpAddress plain = address.unmapped();
  return plain.is_v4() ? IpAddress::v4(first_octets<4>(plain, v4_octets))
                       : IpAddress::v6(first_octets<16>(plain, v6_octets));
}

Client client_of(const IpAddress& address, bool is_trusted) {
  const IpAddress plain = address.unmapped();
  return {host_of(plain), network_of(plain), is_trusted};
}

std::size_t Shares::Use::of(const Client& client) const {
  const auto found = by_client.find(client);
  return found == by_client.end() ? 0 : found->second;
}

std::size_t Shares::Use::of_network(const Client& client) const {
  const auto found = by_network.find({client.network, client.is_trusted});
  return found == by_network.end() ? 0 : found->second;
}

void Shares::Use::add(const Client& client) {
  std::size_t& clients = by_client[client];
  ++by_network[{client.network, client.is_trusted}];  // the last that can fail
  ++clients;
  ++in_all;
}

void Shares::Use::remove(const Client& client) {
  const auto of_client = by_client.find(client);
  if (--of_client->second == 0) {
    by_client.erase(of_client);
  }
  const auto of_its_network = by_network.find({client.network, client.is_trusted});
  if (--of_its_network->second == 0) {
    by_network.erase(of_its_network);
  }
  --in_all;
}

bool Shares::has_room(const Use& use, std::size_t most, const Client& client) {
  const std::size_t free = most - std::min(most, use.in_all);
  if (!client.address) {
    return free > 0;
  }
  const std::size_t reserve = client.is_trusted ? 0 : most / reserve_of;
  if (free <= reserve) {
    return false;
  }
  const std::size_t left = free - reserve;
  const std::size_t own = use.of(client);
  const bool is_within_shares =
      own * address_share_of < left && use.of_network(client) * network_share_of < left;
  return is_within_shares || (own < few(most) && use.in_all < most / 2);
}

bool Shares::take(Claim& claim, const Client& client) {
  if (claim.state == Claim::State::placed || !has_room(placed_, places_, client)) {
    return false;
  }
  placed_.add(client);
  if (claim.state == Claim::State::waiting) {
    stop_waiting(claim);
  }
  claim.state = Claim::State::placed;
  claim.client = client;
  return true;
}

bool Shares::wait(Claim& claim, const Client& client) {
  if (claim.state == Claim::State::placed || !has_room(waiting_, most_waiting_, client)) {
    return claim.state != Claim::State::none;
  }
  if (claim.state == Claim::State::waiting) {
    if (waiting_.of(claim.client) <= waiting_.of(client) + 1) {
      return true;
    }
    stop_waiting(claim);
  }
  std::list<Claim*> one{&claim};  // all memory first: what follows cannot fail
  std::list<Client> turn{client};
  Line& line = lines_[client];
  waiting_.add(client);
  if (line.claims.empty()) {
    line.turn = turn.begin();
    turns_.splice(turns_.end(), turn);
  }
  claim.position = one.begin();
  line.claims.splice(line.claims.end(), one);
  claim.client = client;
  claim.state = Claim::State::waiting;
  return true;
}

void Shares::stop_waiting(Claim& claim) {
  const auto line = lines_.find(claim.client);
  line->second.claims.erase(claim.position);
  if (line->second.claims.empty()) {
    turns_.erase(line->second.turn);
    lines_.erase(line);
  }
  waiting_.remove(claim.client);
  claim.state = Claim::State::none;
}

void Shares::release(Claim& claim) {
  switch (claim.state) {
    case Claim::State::none:
      return;
    case Claim::State::waiting:
      stop_waiting(claim);
      return;
    case Claim::State::placed:
      placed_.remove(claim.client);
      claim.state = Claim::State::none;
      return;
  }
}

Claim* Shares::next() {
  const std::size_t turns = std::min(turns_.size(), most_turns);
  for (std::size_t i = 0; i < turns; ++i) {
    const Client client = turns_.front();
    turns_.splice(turns_.end(), turns_, turns_.begin());
    Claim* const first = lines_.at(client).claims.front();
    if (take(*first, client)) {
      return first;
    }
  }
  return nullptr;
}

}  // namespace sekisho::dns
