// The life of the process: its command line, its start, and how it stops.
#include "milter/daemon_fixture.hpp"

#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>

using namespace sekisho::test;
using Catch::Contains;

namespace {

Ended run_with(const std::string& configuration, const std::vector<std::string>& more = {}) {
  const TemporaryFolder folder;
  std::vector<std::string> arguments{"-c", folder.write("sekisho.toml", configuration)};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return run_sekishod(arguments);
}

std::string path_of(const DaemonProcess& daemon) {
  return daemon.socket().substr(std::string_view("unix:").size());
}

}  // namespace

TEST_CASE("a configuration can be checked", "[socket]") {
  const Ended good = run_with("socket = \"inet:0@127.0.0.1\"\n", {"-t"});
  CHECK(good.status == 0);
  CHECK_THAT(good.output, Contains("sekisho.toml: good"));
}

TEST_CASE("a bad configuration stops the daemon with file, line, key and expectation", "[socket]") {
  const Ended bad = run_with("socket = \"inet:0@127.0.0.1\"\n[dns]\ntimeout = 5\nx = 1\n");
  CHECK(bad.status == 1);
  CHECK_THAT(bad.output,
             Contains("sekisho.toml:3: dns.timeout: is the integer 5; expected a duration") &&
                 Contains("sekisho.toml:4: dns.x: no such option"));
  const Ended no_socket = run_with("authserv_id = \"mx.example.net\"\n");
  CHECK(no_socket.status == 1);
  CHECK_THAT(no_socket.output, Contains("socket: missing; expected unix:PATH"));
}

TEST_CASE("the command line is checked", "[socket]") {
  CHECK(run_sekishod({"--nonsense"}).status == 2);
  const Ended version = run_sekishod({"--version"});
  CHECK(version.status == 0);
  CHECK_THAT(version.output, Catch::StartsWith("sekishod "));
  const Ended help = run_sekishod({"--help"});
  CHECK(help.status == 0);
  CHECK_THAT(help.output, Contains("--config") && Contains("--test"));
}

TEST_CASE("a socket that cannot be had stops the daemon with its reason", "[socket]") {
  const Ended ended = run_with("socket = \"unix:/nonexistent/socket\"\n");
  CHECK(ended.status == 1);
  CHECK_THAT(ended.output, Contains("cannot listen at unix:/nonexistent/socket: No such file"));
  // Who starts it by hand does not look into the syslog first.
  const Ended silent = run_with("log_target = \"syslog\"\nsocket = \"unix:/nonexistent/socket\"\n");
  CHECK(silent.status == 1);
  CHECK_THAT(silent.output, Contains("cannot listen at unix:/nonexistent/socket: No such file"));
}

TEST_CASE("a stale socket is replaced, a live one and other files are not", "[socket]") {
  const TemporaryFolder folder;
  const std::string path = (folder.path() / "socket").string();
  const std::string configuration = "socket = \"unix:" + path + "\"\n";
  SECTION("stale") {
    {
      DaemonProcess killed("", "unix:" + path);
      killed.signal(SIGKILL);
      CHECK(killed.wait() == 128 + SIGKILL);
    }
    CHECK(std::filesystem::exists(path));
    const DaemonProcess next("", "unix:" + path);
    CHECK(next.is_running());
  }
  SECTION("live") {
    const DaemonProcess first("", "unix:" + path);
    const Ended second = run_with(configuration);
    CHECK(second.status == 1);
    CHECK_THAT(second.output, Contains("another process listens there"));
    CHECK(std::filesystem::exists(path));
  }
  SECTION("no socket") {
    std::ofstream(path) << "precious";
    const Ended ended = run_with(configuration);
    CHECK(ended.status == 1);
    CHECK_THAT(ended.output, Contains("it exists and is no socket"));
    CHECK(std::filesystem::file_size(path) == 8);
  }
}

TEST_CASE("a stop lets the message under way end", "[socket]") {
  const int number = GENERATE(SIGTERM, SIGINT, SIGHUP);
  CAPTURE(number);
  DaemonFixture fixture;
  MilterClient idle = open_session(fixture.daemon.socket());
  MilterClient client = begin_message(fixture);
  fixture.daemon.signal(number);
  REQUIRE(fixture.daemon.wait_for_log("stopping: 1 messages under way"));

  SECTION("it gets its answer") {
    client.body("At five?\r\n");
    const Outcome outcome = client.end_of_message();
    CHECK(outcome.code == 'c');
    CHECK_THAT(results_in(outcome), Contains("dmarc=pass"));
  }
  SECTION("it is aborted") {
    client.abort();
  }
  SECTION("its connection breaks off") {
    client.close();
  }
  SECTION("another on an open connection is turned away for the time being") {
    const Packet answer = idle.mail("<alice@example.org>");
    CHECK(answer.code == 'y');
    CHECK_THAT(answer.data, Catch::StartsWith("421 4.3.2 "));
    client.abort();
  }
  CHECK(fixture.daemon.wait() == 0);
  CHECK_THAT(fixture.daemon.log(), Contains("stopped"));
}

TEST_CASE("a stopping daemon takes no new connections", "[socket]") {
  DaemonFixture fixture;
  MilterClient client = begin_message(fixture);
  const std::string path = path_of(fixture.daemon);
  fixture.daemon.signal(SIGTERM);
  REQUIRE(fixture.daemon.wait_for_log("stopping"));
  CHECK_FALSE(std::filesystem::exists(path));
  CHECK_THROWS(MilterClient(fixture.daemon.socket()));
  client.abort();
  CHECK(fixture.daemon.wait() == 0);
}

TEST_CASE("a stop does not wait for ever", "[socket]") {
  SECTION("the option says how long") {
    DaemonFixture fixture(DaemonFixture::zone(), "stop_timeout = \"100ms\"");
    const MilterClient client = begin_message(fixture);
    CHECK(fixture.daemon.stop() == 0);
    CHECK_THAT(fixture.daemon.log(), Contains("1 messages were not finished"));
  }
  SECTION("a second signal ends it") {
    DaemonFixture fixture(DaemonFixture::zone(), "stop_timeout = \"1h\"");
    const MilterClient client = begin_message(fixture);
    fixture.daemon.signal(SIGTERM);
    REQUIRE(fixture.daemon.wait_for_log("stopping"));
    CHECK(fixture.daemon.stop() == 0);
  }
}

TEST_CASE("a stop in peace leaves nothing behind", "[socket]") {
  DaemonFixture fixture;
  const std::string path = path_of(fixture.daemon);
  MilterClient client = open_session(fixture.daemon.socket());
  CHECK(client.send(plain()).code == 'c');
  CHECK(fixture.daemon.stop() == 0);
  CHECK_FALSE(std::filesystem::exists(path));
}
