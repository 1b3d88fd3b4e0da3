// The listening socket: whose it is, where it comes from, and those who only knock.
#include "milter/daemon_fixture.hpp"
#include "support/descriptor.hpp"

#include <filesystem>

#include <arpa/inet.h>
#include <grp.h>
#include <netinet/in.h>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>

using namespace sekisho::test;
using Catch::Contains;

namespace {

std::string path_of(const DaemonProcess& daemon) {
  return daemon.socket().substr(std::string_view("unix:").size());
}

struct stat status_of(const std::string& path) {
  struct stat status{};
  REQUIRE(lstat(path.c_str(), &status) == 0);
  return status;
}

Ended run_with(const std::string& configuration) {
  const TemporaryFolder folder;
  const std::string socket = "socket = \"unix:" + (folder.path() / "socket").string() + "\"\n";
  return run_sekishod({"-c", folder.write("sekisho.toml", socket + configuration)});
}

/// Listens on loopback, as systemd does for a socket unit.
Descriptor listen_on_loopback() {
  Descriptor descriptor(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  REQUIRE(bind(descriptor.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  REQUIRE(listen(descriptor.get(), SOMAXCONN) == 0);
  return descriptor;
}

std::string socket_of(const Descriptor& descriptor) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  REQUIRE(getsockname(descriptor.get(), reinterpret_cast<sockaddr*>(&address), &size) == 0);
  return "inet:" + std::to_string(ntohs(address.sin_port)) + "@127.0.0.1";
}

}  // namespace

TEST_CASE("a unix socket is for its owner and group alone", "[socket]") {
  const mode_t before = umask(0077);  // which would leave the group out
  const DaemonProcess daemon("");
  umask(before);
  CHECK((status_of(path_of(daemon)).st_mode & 07777) == 0660);
  CHECK(status_of(path_of(daemon)).st_uid == geteuid());
}

TEST_CASE("mode, owner and group of a unix socket are options", "[socket]") {
  const mode_t before = umask(0022);  // which would take what the mode gives
  const DaemonProcess daemon("socket_mode = \"0666\"\n");
  umask(before);
  CHECK((status_of(path_of(daemon)).st_mode & 07777) == 0666);
  if (geteuid() != 0) {
    WARN("only root gives a socket to others");
    return;
  }
  const DaemonProcess given("socket_owner = \"nobody\"\nsocket_group = \"mail\"\n");
  CHECK(status_of(path_of(given)).st_uid == getpwnam("nobody")->pw_uid);
  CHECK(status_of(path_of(given)).st_gid == getgrnam("mail")->gr_gid);
}

TEST_CASE("an owner or a group that is not there stops the daemon", "[socket]") {
  const Ended no_owner = run_with("socket_owner = \"no-such-user\"\n");
  CHECK(no_owner.status == 1);
  CHECK_THAT(no_owner.output, Contains("socket_owner: there is no user no-such-user on this host"));
  const Ended no_group = run_with("socket_group = \"no-such-group\"\n");
  CHECK(no_group.status == 1);
  CHECK_THAT(no_group.output,
             Contains("socket_group: there is no group no-such-group on this host"));
}

TEST_CASE("a socket that systemd has opened is served", "[socket]") {
  const Descriptor listening = listen_on_loopback();
  DaemonProcess daemon("", "fd:3", {.descriptor = listening.get()});
  MilterClient client = open_session(socket_of(listening));
  CHECK(client.send(plain()).code == 'c');
  CHECK(daemon.stop() == 0);
}

TEST_CASE("an inherited descriptor that does not listen stops the daemon", "[socket]") {
  const TemporaryFolder folder;
  const Ended closed = run_sekishod({"-c", folder.write("sekisho.toml", "socket = \"fd:999\"\n")});
  CHECK(closed.status == 1);
  CHECK_THAT(closed.output, Contains("cannot listen at fd:999: Bad file descriptor"));
}

TEST_CASE("whoever connects and leaves is neither heard nor told of", "[socket]") {
  const DaemonProcess daemon("", GENERATE("", "inet:0@127.0.0.1"));
  const std::string log = daemon.log();
  const std::size_t before = daemon.open_descriptors();
  for (int i = 0; i < 200; ++i) {
    MilterClient(daemon.socket()).close();
  }
  CHECK(daemon.wait_for_descriptors(before));
  MilterClient client = open_session(daemon.socket());
  CHECK(client.send(plain()).code == 'c');
  const std::string said = daemon.log().substr(log.size());
  CHECK(std::count(said.begin(), said.end(), '\n') == 1);  // the message's own line
}
