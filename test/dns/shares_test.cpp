// Who gets a place among the questions under way.
#include "dns/shares.hpp"

#include <cstddef>
#include <deque>
#include <string>

#include <catch2/catch.hpp>

namespace sekisho::dns {
namespace {

// One of another network each; `host`: another address of the same.
Client client(int network, int host = 1, bool is_trusted = false) {
  return client_of(
      IpAddress::v4({10, static_cast<std::uint8_t>(network / 256),
                     static_cast<std::uint8_t>(network % 256), static_cast<std::uint8_t>(host)}),
      is_trusted);
}

// Claims stay where they are, as those of questions do.
struct Crowd {
  Crowd(std::size_t places, std::size_t waiting) : shares(places, waiting) {}

  // How many of so many questions get a place; the others wait, as far as they may.
  std::size_t ask(const Client& who, std::size_t questions) {
    std::size_t placed = 0;
    for (std::size_t i = 0; i < questions; ++i) {
      Claim& claim = claims.emplace_back();
      if (shares.take(claim, who)) {
        ++placed;
      } else if (!shares.wait(claim, who)) {
        ++turned_away;
      }
    }
    return placed;
  }

  // Gives back one place of our own, of `from` on. Who got places for it: 'o' our own.
  std::string release_one_of_our_own(char (*name)(const Client&)) {
    std::string given;
    for (; first_own < claims.size(); ++first_own) {
      Claim& claim = claims[first_own];
      if (claim.state == Claim::State::placed && !claim.client.address) {
        shares.release(claim);
        break;
      }
    }
    while (const Claim* next = shares.next()) {
      given += name(next->client);
    }
    return given;
  }

  Shares shares;
  std::deque<Claim> claims;
  std::size_t turned_away = 0;
  std::size_t first_own = 0;
};

TEST_CASE("an address can have an eighth of what is left, its network a quarter", "[dns]") {
  Crowd crowd(1'000, 2'000);
  CHECK(crowd.ask(client(1), 2'000) == 100);  // a tenth of all is the reserve
  CHECK(crowd.shares.waiting() == 200);
  CHECK(crowd.turned_away == 1'700);
  CHECK(crowd.ask(client(1, 2), 2'000) == 80);  // what its network's share has left
  CHECK(crowd.ask(client(1, 3), 2'000) == 15);  // hardly any, and so beyond that share
  CHECK(crowd.ask(client(2), 2'000) == 79);
  CHECK(crowd.ask(client(3), 50) == 50);       // a new client finds room all the same
  CHECK(crowd.ask({}, 2'000) == 1'000 - 324);  // our own
  CHECK(crowd.shares.placed() == 1'000);
}

TEST_CASE("a trusted client has a reserve", "[dns]") {
  Crowd crowd(1'000, 1'000);
  const std::size_t own = crowd.ask({}, 900);
  REQUIRE(own == 900);
  CHECK(crowd.ask(client(1), 5) == 0);
  CHECK(crowd.ask(client(2, 1, true), 5) == 5);
}

TEST_CASE("neighbours of an attacker find places while half are free", "[dns]") {
  Crowd crowd(10'000, 10'000);
  for (int host = 1; host <= 100; ++host) {
    static_cast<void>(crowd.ask(client(1, host), 1'000));
  }
  CHECK(crowd.shares.placed() <= 5'000);
  CHECK(crowd.ask(client(2), 400) == 400);
}

TEST_CASE("ten networks leave room for one more", "[dns]") {
  Crowd crowd(10'000, 10'000);
  for (int i = 0; i < 10; ++i) {
    static_cast<void>(crowd.ask(client(i), 5'000));
  }
  CHECK(crowd.ask(client(200), 60) == 60);
}

TEST_CASE("a place that falls free is for the one who has few", "[dns]") {
  Crowd crowd(1'000, 10'000);
  for (int i = 0; i < 5; ++i) {  // an attack by five networks, and our own take all that is left
    static_cast<void>(crowd.ask(client(i), 1'000));
  }
  const std::size_t own = crowd.ask({}, 1'000 - crowd.shares.placed());
  REQUIRE(own > 150);
  CHECK(crowd.ask(client(200), 50) == 0);
  std::string given;
  for (int i = 0; i < 150; ++i) {
    given += crowd.release_one_of_our_own(
        [](const Client& who) { return who == client(200) ? 'n' : 'a'; });
  }
  CHECK(given == "nnnnnn");
}

TEST_CASE("clients who have as many get places by turns", "[dns]") {
  Crowd crowd(10, 1'000);
  REQUIRE(crowd.ask({}, 10) == 10);
  for (int i = 1; i <= 3; ++i) {
    static_cast<void>(crowd.ask(client(i), 4));
  }
  std::string given;
  for (int i = 0; i < 10; ++i) {
    given += crowd.release_one_of_our_own(
        [](const Client& who) { return static_cast<char>('0' + who.network.octets()[2]); });
  }
  CHECK_THAT(given, Catch::StartsWith("123"));
}

TEST_CASE("a claim that is released leaves nothing", "[dns]") {
  Crowd crowd(10, 10);
  static_cast<void>(crowd.ask(client(1), 10));
  static_cast<void>(crowd.ask({}, 30));
  for (Claim& claim : crowd.claims) {
    crowd.shares.release(claim);
    crowd.shares.release(claim);  // twice does no harm
  }
  CHECK(crowd.shares.placed() == 0);
  CHECK(crowd.shares.waiting() == 0);
  CHECK(crowd.shares.next() == nullptr);
}

TEST_CASE("who joins a question that waits brings it his place", "[dns]") {
  Crowd crowd(100, 1'000);
  static_cast<void>(crowd.ask(client(1), 40));
  Claim& waiting = crowd.claims.back();
  REQUIRE(waiting.state == Claim::State::waiting);
  SECTION("where he may have one") {
    CHECK(crowd.shares.take(waiting, client(2)));
    CHECK(waiting.client == client(2));
  }
  SECTION("else it waits where fewer wait before it") {
    static_cast<void>(crowd.ask({}, 100 - crowd.shares.placed()));
    CHECK_FALSE(crowd.shares.take(waiting, client(2)));
    CHECK(crowd.shares.wait(waiting, client(2)));
    CHECK(waiting.client == client(2));
    CHECK(crowd.shares.wait(waiting, client(1)));
    CHECK(waiting.client == client(2));
  }
  for (Claim& claim : crowd.claims) {
    crowd.shares.release(claim);
  }
  CHECK(crowd.shares.placed() == 0);
  CHECK(crowd.shares.waiting() == 0);
}

TEST_CASE("who a client is", "[dns]") {
  struct Row {
    const char* address;
    const char* host;
    const char* network;
  };
  for (const auto& [address, host, network] : {
           Row{"192.0.2.1", "192.0.2.1", "192.0.2.0"},
           Row{"192.0.2.255", "192.0.2.255", "192.0.2.0"},
           Row{"192.0.3.0", "192.0.3.0", "192.0.3.0"},
           Row{"2001:db8:1:ffff:1::1", "2001:db8:1:ffff::", "2001:db8:1::"},
           Row{"2001:db8:2::", "2001:db8:2::", "2001:db8:2::"},
           Row{"::ffff:192.0.2.7", "192.0.2.7", "192.0.2.0"},
       }) {
    CAPTURE(address);
    const Client who = client_of(*IpAddress::parse(address), true);
    CHECK(who.address == IpAddress::parse(host));
    CHECK(who.network == IpAddress::parse(network));
    CHECK(who.is_trusted);
  }
}

}  // namespace
}  // namespace sekisho::dns
