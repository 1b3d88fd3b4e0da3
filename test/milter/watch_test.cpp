// The daemon seen from outside: metrics by HTTP, and the control socket.
#include "milter/daemon_fixture.hpp"

#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <catch2/catch.hpp>

using namespace sekisho::test;
using Catch::Contains;
using Catch::StartsWith;

namespace {

const std::string on_a_free_port = "[metrics]\nlisten = \"127.0.0.1:0\"\n";

std::uint16_t metrics_port(const DaemonProcess& daemon) {
  const std::string log = daemon.log();
  const std::string before = "metrics: listening at inet:";
  const std::size_t begin = log.find(before);
  REQUIRE(begin != std::string::npos);
  return static_cast<std::uint16_t>(std::stoi(log.substr(begin + before.size())));
}

template <typename Address>
int connect_to(const Address& address) {
  const int descriptor =
      socket(reinterpret_cast<const sockaddr&>(address).sa_family, SOCK_STREAM, 0);
  const bool connected =
      connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  if (!connected) {
    close(descriptor);
  }
  return connected ? descriptor : -1;
}

int connect_to(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return connect_to(address);
}

std::string read_to_end(int descriptor) {
  std::string text;
  char chunk[4096];
  for (ssize_t size = 0; (size = read(descriptor, chunk, sizeof chunk)) > 0;) {
    text.append(chunk, static_cast<std::size_t>(size));
  }
  close(descriptor);
  return text;
}

std::string request(std::uint16_t port, const std::string& head) {
  const int descriptor = connect_to(port);
  REQUIRE(descriptor >= 0);
  const std::string text = head + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
  REQUIRE(send(descriptor, text.data(), text.size(), MSG_NOSIGNAL) ==
          static_cast<ssize_t>(text.size()));
  return read_to_end(descriptor);
}

std::string metrics_of(const DaemonProcess& daemon) {
  return request(metrics_port(daemon), "GET /metrics");
}

std::string control_path(const TemporaryFolder& folder) {
  return (folder.path() / "control.sock").string();
}

std::string control_at(const std::string& path) {
  return "[control]\nsocket = \"unix:" + path + "\"\n";
}

std::string status_at(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  const int descriptor = connect_to(address);
  REQUIRE(descriptor >= 0);
  return read_to_end(descriptor);
}

void send_forged(const DaemonFixture& fixture) {
  MilterClient client(fixture.daemon.socket());
  static_cast<void>(client.negotiate());
  client.connect("203.0.113.66");
  client.helo();
  CHECK(client.send(plain()).code == 'y');
}

void replace_configuration(const DaemonProcess& daemon, const std::string& before) {
  const auto file = daemon.folder().path() / "sekisho.toml";
  std::ifstream stream(file);
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  std::ofstream(file) << before + text;
}

}  // namespace

TEST_CASE("messages are counted, and the metrics show them", "[socket]") {
  const DaemonFixture fixture(DaemonFixture::zone(), {}, on_a_free_port);
  check_serves(fixture);
  send_forged(fixture);
  const std::string answer = metrics_of(fixture.daemon);
  CHECK_THAT(answer, StartsWith("HTTP/1.1 200 ") &&
                         Contains("Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"));
  CHECK_THAT(answer,
             Contains("\nsekisho_messages_total{action=\"accept\"} 1\n") &&
                 Contains("\nsekisho_messages_total{action=\"reject\"} 1\n") &&
                 Contains("\nsekisho_results_total{method=\"dmarc\",result=\"pass\"} 1\n") &&
                 Contains("\nsekisho_results_total{method=\"spf\",result=\"fail\"} 1\n") &&
                 Contains("\nsekisho_end_of_message_seconds_count 2\n") &&
                 Contains("\nsekisho_messages_under_way 0\n"));
  CHECK_THAT(answer, !Contains("sekisho_dns_answers_total{outcome=\"found\"} 0\n") &&
                         !Contains("example.org"));
}

TEST_CASE("the metrics are one page, to be read", "[socket]") {
  const DaemonFixture fixture(DaemonFixture::zone(), {}, on_a_free_port);
  const std::uint16_t port = metrics_port(fixture.daemon);
  CHECK_THAT(request(port, "GET /"), StartsWith("HTTP/1.1 404 "));
  CHECK_THAT(request(port, "GET /metrics/"), StartsWith("HTTP/1.1 404 "));
  CHECK_THAT(request(port, "DELETE /metrics"),
             StartsWith("HTTP/1.1 405 ") && Contains("Allow: GET, HEAD\r\n"));
  CHECK_THAT(request(port, "HEAD /metrics"), StartsWith("HTTP/1.1 200 ") && !Contains("# HELP"));
  CHECK_THAT(request(port, "GET /metrics?a=b"), StartsWith("HTTP/1.1 200 "));
  CHECK_THAT(request(port, "nonsense\r\n"), !Contains("# HELP"));
  CHECK_THAT(request(port, "GET /" + std::string(100'000, 'x')), !Contains("# HELP"));
  CHECK_THAT(metrics_of(fixture.daemon), StartsWith("HTTP/1.1 200 "));
}

TEST_CASE("whether the daemon lives and takes mail is told beside the metrics", "[socket]") {
  const DaemonFixture fixture(DaemonFixture::zone(), {}, on_a_free_port);
  const std::uint16_t port = metrics_port(fixture.daemon);
  CHECK_THAT(request(port, "GET /healthz"),
             StartsWith("HTTP/1.1 200 ") && Contains("\r\n\r\nalive\n"));
  CHECK_THAT(request(port, "GET /readyz"),
             StartsWith("HTTP/1.1 200 ") && Contains("\r\n\r\nready\n"));
  CHECK_THAT(request(port, "HEAD /readyz"), StartsWith("HTTP/1.1 200 ") && !Contains("ready\n"));
  CHECK_THAT(request(port, "POST /readyz"), StartsWith("HTTP/1.1 405 "));
  CHECK_THAT(request(port, "GET /readyz/x"), StartsWith("HTTP/1.1 404 "));
}

TEST_CASE("a daemon that takes no more mail is alive and not ready", "[socket]") {
  const DaemonFixture fixture(DaemonFixture::zone(), {},
                              on_a_free_port + "[limits]\nmessages = 1\n");
  const std::uint16_t port = metrics_port(fixture.daemon);
  const MilterClient client = begin_message(fixture);
  CHECK_THAT(request(port, "GET /readyz"),
             StartsWith("HTTP/1.1 503 ") && Contains("limits.messages are under way\n"));
  fixture.daemon.signal(SIGTERM);
  REQUIRE(fixture.daemon.wait_for_log("stopping"));
  CHECK_THAT(request(port, "GET /readyz"),
             StartsWith("HTTP/1.1 503 ") && Contains("\r\n\r\nstopping\n"));
  CHECK_THAT(request(port, "GET /healthz"), StartsWith("HTTP/1.1 200 "));
}

TEST_CASE("connections that say nothing leave room for mail and do no harm", "[socket]") {
  const DaemonFixture fixture(DaemonFixture::zone(), {}, on_a_free_port);
  const std::size_t before = fixture.daemon.open_descriptors();
  std::vector<int> silent;
  for (int i = 0; i < 40; ++i) {
    silent.push_back(connect_to(metrics_port(fixture.daemon)));
  }
  check_serves(fixture);
  CHECK(fixture.daemon.open_descriptors() < before + 30);
  for (const int descriptor : silent) {
    close(descriptor);
  }
  CHECK_THAT(metrics_of(fixture.daemon), StartsWith("HTTP/1.1 200 "));
}

TEST_CASE("a place for the metrics that cannot be had stops the daemon with its reason",
          "[socket]") {
  const DaemonFixture fixture(DaemonFixture::zone(), {}, on_a_free_port);
  const TemporaryFolder folder;
  const std::string socket = "socket = \"unix:" + (folder.path() / "socket").string() + "\"\n";
  SECTION("taken") {
    const Ended ended = run_sekishod(
        {"-c", folder.write("a.toml", socket + "[metrics]\nlisten = \"127.0.0.1:" +
                                          std::to_string(metrics_port(fixture.daemon)) + "\"\n")});
    CHECK(ended.status == 1);
    CHECK_THAT(ended.output, Contains("metrics.listen: cannot listen at port ") &&
                                 Contains("Address already in use"));
    CHECK_FALSE(std::filesystem::exists(folder.path() / "socket"));
  }
  SECTION("for all the world") {
    const std::string listen = GENERATE("0.0.0.0:0", "[::]:0", "192.0.2.1:0", "[::2]:9813");
    CAPTURE(listen);
    const std::string text = socket + "[metrics]\nlisten = \"" + listen + "\"\n";
    const Ended ended = run_sekishod({"-t", "-c", folder.write("a.toml", text)});
    CHECK(ended.status == 1);
    CHECK_THAT(ended.output, Contains("metrics.listen: ") && Contains("not a loopback address"));
    const Ended allowed =
        run_sekishod({"-t", "-c", folder.write("b.toml", text + "allow_remote = true\n")});
    CHECK_THAT(allowed.output, !Contains("not a loopback address"));
    const bool is_of_every_host = listen.ends_with(":0") && !listen.starts_with("192");
    CHECK((allowed.status == 0) == is_of_every_host);  // others cannot be bound here
  }
  SECTION("without a need") {
    const Ended ended = run_sekishod(
        {"-t", "-c", folder.write("a.toml", socket + "[metrics]\nlisten = \"127.8.8.8:0\"\n")});
    CHECK(ended.status == 0);
  }
}

TEST_CASE("metrics and status live through reloads and tell of them", "[socket]") {
  const TemporaryFolder folder;
  const std::string path = control_path(folder);
  const DaemonFixture fixture(DaemonFixture::zone(), {}, on_a_free_port + control_at(path));
  check_serves(fixture);
  fixture.daemon.signal(SIGUSR1);
  REQUIRE(fixture.daemon.wait_for_log("reloaded"));
  replace_configuration(fixture.daemon, "nonsense = 1\n");
  fixture.daemon.signal(SIGUSR1);
  REQUIRE(fixture.daemon.wait_for_log("not reloaded"));
  check_serves(fixture);
  CHECK_THAT(metrics_of(fixture.daemon),
             Contains("\nsekisho_messages_total{action=\"accept\"} 2\n") &&
                 Contains("\nsekisho_reloads_total{outcome=\"good\"} 1\n") &&
                 Contains("\nsekisho_reloads_total{outcome=\"refused\"} 1\n") &&
                 Contains("\nsekisho_last_reload_good 0\n"));
  CHECK_THAT(status_at(path), Contains("nonsense: no such option"));
}

TEST_CASE("the control socket tells whoever connects, and listens to nobody", "[socket]") {
  const TemporaryFolder folder;
  const std::string path = control_path(folder);
  DaemonFixture fixture(DaemonFixture::zone(), {}, control_at(path));
  send_forged(fixture);
  struct stat status{};
  REQUIRE(stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777U) == 0660);
  CHECK_THAT(status_at(path), StartsWith("{\"version\":") && Contains("\"reject\":1") &&
                                  Contains("\"refusals\":[{\"time\":") &&
                                  Contains("203.0.113.66") && Catch::EndsWith("}\n"));
  CHECK(status_at(path).contains("DMARC failed"));
  CHECK(fixture.daemon.stop() == 0);
  CHECK_FALSE(std::filesystem::exists(path));
}

TEST_CASE("the log is an object a line where programs read it", "[socket]") {
  DaemonFixture fixture(DaemonFixture::zone(), "log_format = \"json\"");
  check_serves(fixture);
  const std::string process = std::to_string(fixture.daemon.id());
  CHECK(fixture.daemon.stop() == 0);
  const std::string log = fixture.daemon.log();
  std::istringstream lines(log);
  for (std::string line; std::getline(lines, line);) {
    CAPTURE(line);
    CHECK((line.starts_with("{\"time\":\"") && line.ends_with('}')));
  }
  CHECK_THAT(log, Contains(R"("level":"info","process":)" + process + R"(,"queue_id":")") &&
                      Contains("\"dmarc\":\"pass\"") && Contains("\"text\":\"stopped\""));
}

TEST_CASE("nobody watches unless told to", "[socket]") {
  const DaemonFixture fixture;
  CHECK_THAT(fixture.daemon.log(), !Contains("metrics"));
}
