#include "checkpoint/good_clients.hpp"

#include <cstdint>

#include <catch2/catch.hpp>

namespace sekisho::checkpoint {
namespace {

dns::IpAddress client(int number, std::uint8_t host = 1) {
  return dns::IpAddress::v4(
      {10, static_cast<std::uint8_t>(number / 256), static_cast<std::uint8_t>(number % 256), host});
}

TEST_CASE("a network is good until it is in doubt", "[checkpoint]") {
  GoodClients clients;
  CHECK_FALSE(clients.knows(client(1)));
  clients.note_good(client(1));
  clients.note_good(client(2));
  CHECK(clients.knows(client(1)));
  CHECK(clients.knows(client(1, 200)));
  CHECK_FALSE(clients.knows(client(3)));
  clients.note_doubtful(client(1, 7));
  CHECK_FALSE(clients.knows(client(1)));
  CHECK(clients.knows(client(2)));
}

TEST_CASE("a bounded number of networks is known, those of late first", "[checkpoint]") {
  GoodClients clients(100);
  for (int i = 0; i < 1'000; ++i) {
    clients.note_good(client(i));
    clients.note_good(client(0));
  }
  int known = 0;
  for (int i = 0; i < 1'000; ++i) {
    known += clients.knows(client(i)) ? 1 : 0;
  }
  CHECK(known <= 100);
  CHECK(known >= 50);
  CHECK(clients.knows(client(999)));
  CHECK(clients.knows(client(0)));
  CHECK_FALSE(clients.knows(client(1)));
}

}  // namespace
}  // namespace sekisho::checkpoint
