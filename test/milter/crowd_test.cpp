// Many connections at once, and slow ones: the others are served, and what they held is given back.
#include "milter/daemon_fixture.hpp"

#include <chrono>
#include <future>
#include <thread>
#include <vector>

#include <sys/resource.h>

#include <catch2/catch.hpp>
#include <libmilter/mfdef.h>

using namespace sekisho::test;

namespace {

constexpr std::size_t crowd = 2'000;

/// The soft limit of open files for as long as the object lives.
class OpenFiles {
 public:
  OpenFiles() {
    REQUIRE(getrlimit(RLIMIT_NOFILE, &before_) == 0);
    now_ = before_;
  }
  ~OpenFiles() { setrlimit(RLIMIT_NOFILE, &before_); }
  OpenFiles(const OpenFiles&) = delete;
  OpenFiles& operator=(const OpenFiles&) = delete;

  void limit_to(rlim_t count) {
    now_.rlim_cur = count;
    REQUIRE(setrlimit(RLIMIT_NOFILE, &now_) == 0);
  }
  [[nodiscard]] rlim_t most() const { return before_.rlim_max; }

 private:
  rlimit before_{};
  rlimit now_{};
};

/// Connections up to `stage` of a message each.
std::vector<MilterClient> open_many(const DaemonFixture& fixture, std::size_t count, int stage) {
  std::vector<MilterClient> clients;
  clients.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    MilterClient& client = clients.emplace_back(fixture.daemon.socket());
    if (stage >= 1) {
      client.negotiate();
      client.connect();
      client.helo();
    }
    if (stage >= 2) {
      client.mail("<alice@example.org>");
      client.recipient("<bob@example.net>");
      client.header({"From", " <alice@example.org>"});
    }
    if (stage >= 3) {
      client.end_of_header();
      client.body("x");
    }
  }
  return clients;
}

}  // namespace

TEST_CASE("two thousand connections are held, and given back", "[socket]") {
  OpenFiles files;
  if (files.most() < 2 * crowd) {
    WARN("skipped: the system allows too few open files");
    return;
  }
  files.limit_to(256);  // the daemon is to raise it itself
  const DaemonFixture fixture;
  files.limit_to(files.most());
  check_serves(fixture);
  REQUIRE(fixture.daemon.wait_for_descriptors(fixture.daemon.open_descriptors()));
  constexpr std::size_t slack = 16;  // worker threads and sockets to the DNS come and go
  const std::size_t before = fixture.daemon.open_descriptors() + slack;
  for (const int stage : {0, 1, 3}) {
    CAPTURE(stage);
    {
      const std::vector<MilterClient> clients = open_many(fixture, crowd, stage);
      check_serves(fixture);
    }
    check_serves(fixture);
    CHECK(fixture.daemon.wait_for_descriptors(before));
  }
}

// Whose packet comes octet by octet has a worker of libmilter's to itself, and libmilter may leave
// another session to a worker that has just got such a client: it is served when one of them is
// through. So they end one after the other, and the others are served while that goes on.
TEST_CASE("slow clients hold nobody up for longer than they are slow", "[socket]") {
  using namespace std::chrono_literals;
  const DaemonFixture fixture;
  constexpr std::string_view negotiation("\0\0\0\x0dO\0\0\0\6\0\0\1\xff\0\x1f\xff\xff", 17);
  std::vector<MilterClient> clients = open_many(fixture, 100, 0);
  auto sending = std::async(std::launch::async, [&] {
    for (std::size_t step = 0; step < 2 * negotiation.size(); ++step) {
      for (std::size_t i = 0; i < clients.size(); ++i) {
        const std::size_t late = i % negotiation.size();
        if (step >= late && step - late < negotiation.size()) {
          clients[i].send_raw(negotiation.substr(step - late, 1));
        }
      }
      std::this_thread::sleep_for(50ms);
    }
  });
  std::size_t served = 0;
  for (; sending.wait_for(0s) != std::future_status::ready; ++served) {
    check_serves(fixture);
  }
  CHECK(served > 2);
  sending.get();
  for (MilterClient& client : clients) {
    CHECK(client.read_packet().code == 'O');
  }
}

TEST_CASE("what breaks off in the middle of a message leaves no memory behind", "[socket]") {
  const DaemonFixture fixture;
  const auto break_off = [&fixture](int times) {
    for (int i = 0; i < times; ++i) {
      static_cast<void>(open_many(fixture, 50, 3));
    }
    check_serves(fixture);
  };
  break_off(10);  // whatever is allocated once is there now
  const std::size_t before = fixture.daemon.resident_kib();
  break_off(40);
  const std::size_t after = fixture.daemon.resident_kib();
  CAPTURE(before, after);
#ifndef SEKISHO_SANITIZED  // sanitizers keep what was freed
  CHECK(after < before + 4'096);
#endif
}

TEST_CASE("a message too many is told to come again later (limits.messages)", "[milter]") {
  const DaemonFixture fixture(DaemonFixture::zone(), "", "[limits]\nmessages = 2\n");
  const std::size_t idle = fixture.daemon.open_descriptors();
  {
    const std::vector<MilterClient> under_way = open_many(fixture, 2, 2);
    MilterClient third = open_session(fixture.daemon.socket());
    const Packet answer = third.mail("<alice@example.org>");
    CHECK(answer.code == SMFIR_REPLYCODE);
    CHECK(answer.data.starts_with("451 4.3.2 "));
  }
  CHECK(fixture.daemon.wait_for_log("limits.messages"));
  CHECK(fixture.daemon.wait_for_descriptors(idle));  // what was closed has left its place by then
  check_serves(fixture);
}
