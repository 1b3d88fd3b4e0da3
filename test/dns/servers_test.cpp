#include "dns/stub_resolver.hpp"

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <unistd.h>

#include <catch2/catch.hpp>

namespace sekisho::dns {
namespace {

std::string shown_servers(const std::vector<Server>& servers) {
  std::string text;
  for (const Server& server : servers) {
    text += server.address.text() + (server.zone.empty() ? "" : "%" + server.zone) + "#" +
            std::to_string(server.port) + " ";
  }
  return text;
}

TEST_CASE("a server is an address and perhaps a port", "[dns]") {
  struct Case {
    const char* text;
    const char* address;
    std::uint16_t port;
    const char* zone = "";
  };
  const Case cases[] = {
      {"192.0.2.1", "192.0.2.1", 53},
      {"192.0.2.1:5353", "192.0.2.1", 5353},
      {"2001:db8::1", "2001:db8::1", 53},
      {"[2001:db8::1]", "2001:db8::1", 53},
      {"[::1]:65535", "::1", 65535},
      {"::1:53", "::1:53", 53},
      {"[fe80::1%eth0]:53", "fe80::1", 53, "eth0"},
      {"fe80::1%2", "fe80::1", 53, "2"},
      {"fe80::1%123456789012345", "fe80::1", 53, "123456789012345"},
  };
  for (const auto& [text, address, port, zone] : cases) {
    DYNAMIC_SECTION(text) {
      const auto server = parse_server(text);
      REQUIRE(server);
      CHECK(*server == Server{*IpAddress::parse(address), port, zone});
    }
  }
}

TEST_CASE("what is not a server is refused", "[dns]") {
  for (const char* text : {"",
                           ":53",
                           "localhost",
                           "192.0.2.1:",
                           "192.0.2.1:0",
                           "192.0.2.1:65536",
                           "192.0.2.1:+53",
                           "192.0.2.1:53 ",
                           "192.0.2.1:53x",
                           "[192.0.2.1]:53",
                           "[::1",
                           "[::1]53",
                           "[::1]:",
                           "[]:53",
                           "::1]:53",
                           "[",
                           "[]",
                           "192.0.2.1#53",
                           "fe80::1%",
                           "fe80::1%a b",
                           "[fe80::1%eth0",
                           "2001:db8::1%eth0",
                           "192.0.2.1%eth0",
                           "fe80::1%1234567890123456"}) {
    DYNAMIC_SECTION("'" << text << "'") {
      const auto server = parse_server(text);
      REQUIRE_FALSE(server);
      CHECK_THAT(server.error(), Catch::StartsWith("expected an address"));
    }
  }
}

TEST_CASE("resolv.conf names the servers", "[dns]") {
  struct Case {
    const char* text;
    const char* servers;
  };
  const Case cases[] = {
      {"nameserver 192.0.2.1\n", "192.0.2.1#53 "},
      {"# nameserver 192.0.2.9\nsearch example.org\noptions timeout:1 attempts:5 rotate\n"
       "nameserver\t192.0.2.1 # trailing\n;nameserver 192.0.2.8\n  nameserver 2001:db8::1",
       "192.0.2.1#53 2001:db8::1#53 "},
      {"nameserver fe80::1%eth0\n", "fe80::1%eth0#53 "},
      {"nameserver 2001:db8::1%eth0\nnameserver fe80::1%\n", "2001:db8::1#53 fe80::1#53 "},
      {"nameserver not-an-address\nnameserver\nnameservers 192.0.2.1\n", "127.0.0.1#53 "},
      {"", "127.0.0.1#53 "},
      {"nameserver 192.0.2.1\nnameserver 192.0.2.2\nnameserver 192.0.2.3\nnameserver 192.0.2.4\n",
       "192.0.2.1#53 192.0.2.2#53 192.0.2.3#53 "},
  };
  const auto path = std::filesystem::temp_directory_path() /
                    ("sekisho-resolv-conf-test." + std::to_string(getpid()));
  for (const auto& [text, servers] : cases) {
    DYNAMIC_SECTION(text) {
      std::ofstream(path) << text;
      CHECK(shown_servers(system_servers(path)) == servers);
    }
  }
  std::filesystem::remove(path);
  CHECK(shown_servers(system_servers("/nonexistent/resolv.conf")) == "127.0.0.1#53 ");
}

}  // namespace
}  // namespace sekisho::dns
