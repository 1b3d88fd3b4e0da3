// What systemd is told: the daemon's start, reloads, stop and heartbeat (sd_notify(3)).
#include "milter/daemon_fixture.hpp"
#include "support/descriptor.hpp"

#include <array>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <catch2/catch.hpp>

using namespace sekisho::test;
using Catch::Contains;
using namespace std::chrono_literals;

namespace {

/// systemd's end of NOTIFY_SOCKET.
class ServiceManager {
 public:
  enum class Name { path, abstract };

  explicit ServiceManager(Name kind = Name::path)
      : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    const std::string path = (folder_.path() / "notify").string();
    name_ = kind == Name::path ? path : '@' + path;
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    name_.copy(std::data(address.sun_path), sizeof address.sun_path - 1);
    if (kind == Name::abstract) {
      address.sun_path[0] = '\0';
    }
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name_.size());
    REQUIRE(bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), size) == 0);
  }

  [[nodiscard]] std::vector<std::string> variables() const { return {"NOTIFY_SOCKET=" + name_}; }

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
  TemporaryFolder folder_;
  std::string name_;
  Descriptor socket_;
};

/// The thread beside the main one that does not block this signal, as one does that waits for it.
/// 0: none.
pid_t find_other_thread_that_takes(int signal, pid_t process) {
  const std::filesystem::path threads = "/proc/" + std::to_string(process) + "/task";
  for (const auto& thread : std::filesystem::directory_iterator(threads)) {
    std::ifstream status(thread.path() / "status");
    const pid_t id = std::stoi(thread.path().filename());
    for (std::string line; std::getline(status, line);) {
      const std::string name = "SigBlk:\t";
      if (id != process && line.starts_with(name)) {
        const auto blocked = std::stoull(line.substr(name.size()), nullptr, 16);
        if ((blocked >> (signal - 1) & 1) == 0) {
          return id;
        }
      }
    }
  }
  return 0;
}

}  // namespace

TEST_CASE("systemd is told of start, reload and stop", "[socket]") {
  ServiceManager manager(GENERATE(ServiceManager::Name::path, ServiceManager::Name::abstract));
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
                                 Contains("previous configuration") && Contains("no such option"));
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

TEST_CASE("a stop that the kernel gives to libmilter is one, too (signal(7))", "[socket]") {
  ServiceManager manager;
  DaemonProcess daemon("", "", {.variables = manager.variables(), .descriptor = -1});
  CHECK_THAT(manager.next(), Contains("READY=1"));
  pid_t waiting = 0;
  for (int i = 0; i < 500 && waiting == 0; ++i) {  // libmilter may still be starting it
    std::this_thread::sleep_for(10ms);
    waiting = find_other_thread_that_takes(SIGTERM, daemon.id());
  }
  REQUIRE(waiting != 0);
  REQUIRE(tgkill(daemon.id(), waiting, SIGTERM) == 0);
  CHECK_THAT(manager.next(), Contains("STOPPING=1"));
  CHECK(daemon.wait() == 0);
}

TEST_CASE("a watchdog of another process is not ours to feed (sd_watchdog_enabled(3))",
          "[socket]") {
  ServiceManager manager;
  Surroundings surroundings{.variables = manager.variables()};
  surroundings.variables.insert(surroundings.variables.end(),
                                {"WATCHDOG_USEC=1000", "WATCHDOG_PID=1"});
  DaemonProcess daemon("", "", surroundings);
  CHECK_THAT(manager.next(), Contains("READY=1"));
  CHECK(daemon.stop() == 0);
  CHECK_THAT(manager.next(), Contains("STOPPING=1"));
}
