// Started as root, the daemon ends up as its user, with nothing to come back by.
#include "milter/daemon_fixture.hpp"
#include "support/skip.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>

using namespace sekisho::test;
using Catch::Contains;

namespace {

bool is_root() {
  if (geteuid() != 0) {
    skip("needs root");
  }
  return geteuid() == 0;
}

/// The fields of /proc/PID/task/ID/status, blanks as they are.
std::map<std::string, std::string> fields_of_status(const std::filesystem::path& file) {
  std::map<std::string, std::string> fields;
  std::ifstream status(file);
  for (std::string line; std::getline(status, line);) {
    const std::size_t colon = line.find(":\t");
    if (colon != std::string::npos) {
      fields[line.substr(0, colon)] = line.substr(colon + 2);
    }
  }
  return fields;
}

std::string four_times(unsigned number) {
  const std::string text = std::to_string(number);
  return text + "\t" + text + "\t" + text + "\t" + text;
}

}  // namespace

TEST_CASE("every thread of a daemon that root started is its user's", "[socket]") {
  if (!is_root()) {
    return;
  }
  const DaemonFixture fixture(DaemonFixture::zone(), "user = \"nobody\"\n");
  MilterClient client = open_session(fixture.daemon.socket());
  CHECK(client.send(plain()).code == 'c');
  const passwd* nobody = getpwnam("nobody");
  const std::string tasks = "/proc/" + std::to_string(fixture.daemon.id()) + "/task";
  std::size_t threads = 0;
  for (const auto& task : std::filesystem::directory_iterator(tasks)) {
    auto status = fields_of_status(task.path() / "status");
    if (status.empty()) {
      continue;  // a thread that ended while the folder was read: libmilter's come and go
    }
    ++threads;
    CHECK(status["Uid"] == four_times(nobody->pw_uid));
    CHECK(status["Gid"] == four_times(nobody->pw_gid));
    CHECK_THAT(status["Groups"], Catch::StartsWith(std::to_string(nobody->pw_gid)));
    for (const char* set : {"CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"}) {
      CAPTURE(set);
      CHECK(status[set] == "0000000000000000");
    }
    CHECK(status["NoNewPrivs"] == "1");
  }
  CHECK(threads >= 3);  // main, network, libmilter
}

TEST_CASE("the socket belongs to the user, unless somebody else is named", "[socket]") {
  if (!is_root()) {
    return;
  }
  const DaemonProcess daemon("user = \"nobody\"\n");
  struct stat status{};
  REQUIRE(lstat(daemon.socket().substr(5).c_str(), &status) == 0);
  CHECK(status.st_uid == getpwnam("nobody")->pw_uid);
  CHECK(status.st_gid == getpwnam("nobody")->pw_gid);
}

TEST_CASE("what only root can read is foretold, and a reload refused", "[socket]") {
  if (!is_root()) {
    return;
  }
  const DaemonProcess daemon("user = \"nobody\"\n");  // in a folder of root's own
  CHECK_THAT(daemon.log(),
             Contains("a reload would be refused: ") && Contains("Permission denied"));
  daemon.signal(SIGUSR1);
  CHECK(daemon.wait_for_log("not reloaded"));
  MilterClient client = open_session(daemon.socket());
  CHECK(client.send(plain()).code == 'c');
}

TEST_CASE("what the user can read is reloaded", "[socket]") {
  if (!is_root()) {
    return;
  }
  const DaemonProcess daemon("user = \"nobody\"\n");
  std::filesystem::permissions(daemon.folder().path(), std::filesystem::perms{0755});
  daemon.signal(SIGUSR1);
  CHECK(daemon.wait_for_log("reloaded"));
  CHECK_THAT(daemon.log(), !Contains("not reloaded"));
}

TEST_CASE("a daemon that stays root says so", "[socket]") {
  if (!is_root()) {
    return;
  }
  const DaemonProcess daemon("");
  CHECK_THAT(daemon.log(), Contains("runs as root"));
}

TEST_CASE("a user that is not there stops the daemon before it serves", "[socket]") {
  const TemporaryFolder folder;
  const std::string file =
      folder.write("sekisho.toml", "socket = \"inet:0@127.0.0.1\"\nuser = \"no-such-user\"\n");
  const Ended tested = run_sekishod({"-t", "-c", file});
  CHECK(tested.status == 1);
  CHECK_THAT(tested.output, Contains("user: there is no user no-such-user on this host"));
  CHECK(run_sekishod({"-c", file}).status == 1);
}
