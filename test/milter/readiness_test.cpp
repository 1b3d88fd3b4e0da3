// What systemd is told: the daemon's start, reloads, stop and heartbeat (sd_notify(3)).
#include "milter/gate.hpp"
#include "support/descriptor.hpp"

#include <array>
#include <chrono>
#include <cstring>

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <catch2/catch.hpp>

using namespace sekisho::test;
using Catch::Contains;

namespace {

/// systemd's end of NOTIFY_SOCKET.
class ServiceManager {
 public:
  ServiceManager() : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path().copy(std::data(address.sun_path), sizeof address.sun_path - 1);
    REQUIRE(bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  }

  [[nodiscard]] std::vector<std::string> variables() const { return {"NOTIFY_SOCKET=" + path()}; }

  /// The next message; empty where none comes within half a minute.
  std::string next() {
    pollfd waiting{.fd = socket_.get(), .events = POLLIN, .revents = 0};
    constexpr int at_most_ms = 30'000;
    if (poll(&waiting, 1, at_most_ms) != 1) {
      return {};
    }
    std::array<char, 4096> text{};
    const ssize_t size = recv(socket_.get(), text.data(), text.size(), 0);
    return {text.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
  }

 private:
  [[nodiscard]] std::string path() const { return (folder_.path() / "notify").string(); }

  TemporaryFolder folder_;
  Descriptor socket_;
};

}  // namespace

TEST_CASE("systemd is told of start, reload and stop", "[socket]") {
  ServiceManager manager;
  DaemonProcess daemon("stop_timeout = \"7s\"\n", "", {.variables = manager.variables()});
  CHECK_THAT(manager.next(), Contains("READY=1\n") && Contains("STATUS=listening at unix:/"));

  daemon.signal(SIGUSR1);
  CHECK_THAT(manager.next(), Contains("RELOADING=1\n") && Contains("MONOTONIC_USEC="));
  CHECK_THAT(manager.next(), Contains("READY=1\n") && Contains("STATUS=serving, reloaded"));

  CHECK(daemon.stop() == 0);
  CHECK_THAT(manager.next(), Contains("STOPPING=1\n") && Contains("EXTEND_TIMEOUT_USEC=12000000"));
}

TEST_CASE("systemd is told why a reload was refused", "[socket]") {
  ServiceManager manager;
  const DaemonProcess daemon("", "", {.variables = manager.variables()});
  CHECK_THAT(manager.next(), Contains("READY=1"));
  static_cast<void>(daemon.folder().write("sekisho.toml", "nonsense = 1\n"));
  daemon.signal(SIGUSR1);
  CHECK_THAT(manager.next(), Contains("RELOADING=1"));
  CHECK_THAT(manager.next(), Contains("READY=1\n") && Contains("STATUS=") &&
                                 Contains("configuration of before") && Contains("no such option"));
}

TEST_CASE("a watchdog hears of the daemon again and again", "[socket]") {
  ServiceManager manager;
  Surroundings surroundings{.variables = manager.variables()};
  surroundings.variables.emplace_back("WATCHDOG_USEC=60000");
  const DaemonProcess daemon("", "", surroundings);
  int heartbeats = 0;
  for (int i = 0; i < 6; ++i) {
    heartbeats += manager.next().contains("WATCHDOG=1") ? 1 : 0;
  }
  CHECK(heartbeats == 5);  // and one READY=1
}
