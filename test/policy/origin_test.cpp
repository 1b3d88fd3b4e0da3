// Who is signed for, and who never is.
#include "policy/origin.hpp"

#include <string>

#include <catch2/catch.hpp>

namespace sekisho::policy {

using findings::Origin;

TEST_CASE("who is ours", "[policy]") {
  struct Case {
    std::string address;  // empty: none
    std::string login;
    std::string daemon;
    Origin expected;
  };
  using enum Origin;
  const Case cases[] = {
      {"192.0.2.1", "", "", outside},
      {"192.0.2.1", "alice", "", authenticated},
      {"127.0.0.1", "alice", "ORIGINATING", authenticated},
      {"192.0.2.1", "", "ORIGINATING", daemon},
      {"192.0.2.1", "", "originating", outside},
      {"192.0.2.1", "", "mx", outside},
      {"127.0.0.1", "", "mx", internal},
      {"127.0.0.2", "", "", outside},
      {"::1", "", "", internal},
      {"::2", "", "", outside},
      {"", "", "", internal},  // sendmail(1): a local submission
  };
  for (const auto& [address, login, daemon, expected] : cases) {
    DYNAMIC_SECTION("'" << address << "' '" << login << "' '" << daemon << "'") {
      const findings::Client client{dns::IpAddress::parse(address), 0, "mail.example.org", login,
                                    daemon};
      CHECK(find_origin(client, {}) == expected);
    }
  }
}

TEST_CASE("no daemon and no network is ours where none is named", "[policy]") {
  const OriginOptions nobody{.internal_networks = {}, .daemons = {}};
  const findings::Client client{dns::IpAddress::parse("127.0.0.1"), 0, "", "", ""};
  CHECK(find_origin(client, nobody) == Origin::outside);
}

}  // namespace sekisho::policy
