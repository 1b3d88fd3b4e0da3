// Where the MTA finds the milter.
#include "config/socket.hpp"

#include <catch2/catch.hpp>

using namespace sekisho;
using config::parse_socket;

namespace {

config::Socket inet(std::string_view address, std::uint16_t port) {
  return config::InetSocket{*dns::IpAddress::parse(address), port};
}

}  // namespace

TEST_CASE("sockets are understood as libmilter and the MTAs write them", "[config]") {
  CHECK(parse_socket("unix:/run/x.sock") == config::Socket{config::UnixSocket{"/run/x.sock"}});
  CHECK(parse_socket("local:/run/x.sock") == config::Socket{config::UnixSocket{"/run/x.sock"}});
  CHECK(parse_socket("inet:8891@127.0.0.1") == inet("127.0.0.1", 8891));
  CHECK(parse_socket("inet:0@localhost") == inet("127.0.0.1", 0));
  CHECK(parse_socket("inet6:8891@::1") == inet("::1", 8891));
  CHECK(parse_socket("inet6:8891@[::1]") == inet("::1", 8891));
  CHECK(parse_socket("inet6:8891@localhost") == inet("::1", 8891));
  CHECK(parse_socket("fd:3") == config::Socket{config::InheritedSocket{3}});
}

TEST_CASE("an address has its port behind it, and brackets where it has colons", "[config]") {
  using config::parse_address_and_port;
  const auto address = [](std::string_view text, std::uint16_t port) {
    return config::InetSocket{*dns::IpAddress::parse(text), port};
  };
  CHECK(parse_address_and_port("127.0.0.1:9813") == address("127.0.0.1", 9813));
  CHECK(parse_address_and_port("[::1]:0") == address("::1", 0));
  const auto* text =
      GENERATE("", ":", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", ":9813", "[127.0.0.1]:9813",
               "::1:9813", "[::1]", "[::1]9813", "[:9813", "mx.example.org:9813", "127.0.0.1:98x");
  CAPTURE(text);
  CHECK_FALSE(parse_address_and_port(text).has_value());
}

TEST_CASE("what is no socket is refused", "[config]") {
  const auto* text = GENERATE("", "unix", "unix:", "unix:relative.sock", "inet:8891",
                              "inet:@127.0.0.1", "inet:65536@127.0.0.1", "inet:-1@127.0.0.1",
                              "inet:80x@127.0.0.1", "inet:8891@::1", "inet6:8891@127.0.0.1",
                              "inet:8891@mx.example.org", "fd:", "fd:-1", "fd:x", "tcp:127.0.0.1");
  CAPTURE(text);
  CHECK_FALSE(parse_socket(text).has_value());
}

TEST_CASE("a path that does not fit a socket's address is refused", "[config]") {
  CHECK(parse_socket("unix:/" + std::string(106, 'x')).has_value());
  CHECK_FALSE(parse_socket("unix:/" + std::string(107, 'x')).has_value());
}
