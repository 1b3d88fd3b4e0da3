// Deadlines, joining, many questions and threads, and the end of the resolver.
#include "dns/asking.hpp"
#include "dns/lookups.hpp"
#include "dns/task.hpp"
#include "support/freed_on.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <sys/resource.h>

#include <catch2/catch.hpp>

namespace sekisho::dns {
namespace {

using enum RecordType;
using namespace std::chrono_literals;

// Answers when it is told to.
struct Gate {
  ScriptedServer::React react() {
    return [this](const Query& query) {
      open.wait(false);
      return found(query);
    };
  }
  void release() {
    open = true;
    open.notify_all();
  }
  std::atomic<bool> open{false};
};

TEST_CASE("without any server a question ends by its time-out", "[dns]") {
  Options options = asking_again_after(20ms, {dead_server(), dead_server()});
  options.timeout = 100ms;
  StubResolver resolver(options);
  CHECK(ask(resolver, "example.org", a) == "time-out");
}

TEST_CASE("a question ends at its deadline, and its answer is kept when it comes", "[dns]") {
  Gate gate;
  ScriptedServer server(gate.react());
  StubResolver resolver(asking({server.address()}));
  Pending<Answer> patient = resolver.lookup({"example.org", a}, soon());
  const Deadline deadline = std::chrono::steady_clock::now() + 50ms;
  CHECK(shown(resolver.lookup({"example.org", a}, deadline).get()) == "time-out");
  CHECK_FALSE(patient.is_ready());
  gate.release();
  CHECK(shown(patient.get()) == "found 192.0.2.1");
  CHECK(resolver.lookup({"example.org", a}, soon()).is_ready());
  CHECK(server.queries().size() == 1);
}

TEST_CASE("a question goes on when nobody waits any more", "[dns]") {
  Gate gate;
  ScriptedServer server(gate.react());
  StubResolver resolver(asking({server.address()}));
  const Deadline deadline = std::chrono::steady_clock::now() + 20ms;
  CHECK(shown(resolver.lookup({"example.org", a}, deadline).get()) == "time-out");
  gate.release();
  CHECK(ask(resolver, "example.org", a) == "found 192.0.2.1");
  CHECK(server.queries().size() == 1);
}

TEST_CASE("equal questions under way are one", "[dns]") {
  Gate gate;
  ScriptedServer server(gate.react());
  StubResolver resolver(asking({server.address()}));
  std::vector<Pending<Answer>> answers;
  for (const char* name : {"example.org", "Example.org", "EXAMPLE.ORG", "example.org"}) {
    answers.push_back(resolver.lookup({name, a}, soon()));
  }
  while (resolver.statistics().joined < 3) {
    std::this_thread::sleep_for(1ms);
  }
  gate.release();
  for (Pending<Answer>& answer : answers) {
    CHECK(shown(answer.get()) == "found 192.0.2.1");
  }
  CHECK(server.queries().size() == 1);
  CHECK(resolver.statistics().questions == 4);
}

TEST_CASE("what needs no server is answered at once", "[dns]") {
  ScriptedServer server(found);
  StubResolver resolver(asking({server.address()}));
  CHECK(ask(resolver, "example..org", a) == "malformed");
  CHECK(ask(resolver, std::string(64, 'x'), a) == "malformed");
  CHECK(shown(resolver.lookup({"example.org", a}, std::chrono::steady_clock::now()).get()) ==
        "time-out");
  CHECK(server.queries().empty());
}

TEST_CASE("hundreds of questions are asked at once", "[dns]") {
  ScriptedServer server(found);
  StubResolver resolver(asking_again_after(500ms, {server.address()}));
  std::vector<Pending<Answer>> answers;
  for (int i = 0; i < 200; ++i) {
    answers.push_back(resolver.lookup({"n" + std::to_string(i) + ".test", a}, soon()));
  }
  for (Pending<Answer>& answer : answers) {
    CHECK(shown(answer.get()) == "found 192.0.2.1");
  }
}

TEST_CASE("thousands of questions are under way at once", "[dns]") {
  rlimit before{};
  REQUIRE(getrlimit(RLIMIT_NOFILE, &before) == 0);
  const rlimit raised{before.rlim_max, before.rlim_max};
  REQUIRE(setrlimit(RLIMIT_NOFILE, &raised) == 0);
  Gate gate;
  ScriptedServer server(gate.react());
  // Most of the first datagrams find the server's buffer full.
  StubResolver resolver(asking_again_after(1s, {server.address()}));
  std::vector<Pending<Answer>> answers;
  for (int i = 0; i < 5'000; ++i) {
    answers.push_back(resolver.lookup({"n" + std::to_string(i) + ".test", a}, soon()));
  }
  while (resolver.statistics().sent < 5'000) {
    std::this_thread::sleep_for(1ms);
  }
  gate.release();
  int right = 0;
  for (Pending<Answer>& answer : answers) {
    right += shown(answer.get()) == "found 192.0.2.1" ? 1 : 0;
  }
  CHECK(right == 5'000);
  setrlimit(RLIMIT_NOFILE, &before);
}

Task<std::string> ask_twice(Lookups lookups, std::string name, std::string then) {
  Pending<Answer> first = lookups.lookup(std::move(name), a);
  const Answer first_answer = co_await first;
  Pending<Answer> second = lookups.lookup(std::move(then), a);
  const Answer second_answer = co_await second;
  co_return shown(first_answer) + ", " + shown(second_answer);
}

// Of this process, until the end of the test.
class DescriptorLimit {
 public:
  explicit DescriptorLimit(rlim_t most) {
    REQUIRE(getrlimit(RLIMIT_NOFILE, &before_) == 0);
    const rlimit limit{most, before_.rlim_max};
    REQUIRE(setrlimit(RLIMIT_NOFILE, &limit) == 0);
  }
  DescriptorLimit(const DescriptorLimit&) = delete;
  DescriptorLimit& operator=(const DescriptorLimit&) = delete;
  ~DescriptorLimit() { setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_{};
};

std::size_t open_descriptors() {
  const std::filesystem::directory_iterator entries("/proc/self/fd");
  return static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
}

std::vector<Pending<Answer>> ask_many(const Lookups& lookups, const std::string& prefix,
                                      std::size_t count) {
  std::vector<Pending<Answer>> answers;
  for (std::size_t i = 0; i < count; ++i) {
    answers.push_back(lookups.lookup(prefix + std::to_string(i) + ".test", a));
  }
  return answers;
}

Lookups lookups_of(const std::shared_ptr<Resolver>& resolver, const char* client) {
  return Lookups(
      resolver,
      {.deadline = soon(), .limit = 1'000'000, .client = client_of(*IpAddress::parse(client))});
}

// What an attacker's servers do, and what those of others do.
Reaction slow_or_found(const Query& query) {
  return query.question.name.starts_with("slow") ? silence(query) : found(query);
}

TEST_CASE("questions beyond the bounds fail at once, and the resolver lives", "[dns]") {
  constexpr std::size_t places = 100;
  const DescriptorLimit limit(2 * places);
  ScriptedServer server(silence);
  auto resolver = std::make_unique<StubResolver>(asking({server.address()}));
  std::vector<Pending<Answer>> answers;
  for (std::size_t i = 0; i <= places + max_questions_waiting; ++i) {
    answers.push_back(resolver->lookup({"n" + std::to_string(i) + ".test", a}, soon()));
  }
  CHECK(shown(answers.back().get()) == "server failure");
  CHECK(resolver->statistics().turned_away == 1);
  CHECK(resolver->statistics().held_back == max_questions_waiting);
  CHECK(resolver->statistics().sent == places);
  CHECK_FALSE(answers.front().is_ready());
  resolver.reset();
  CHECK(shown(answers.front().get()) == "time-out");
}

TEST_CASE("fewer descriptors than questions cost no answer", "[dns]") {
  const DescriptorLimit limit(64);
  ScriptedServer server(found);
  const auto resolver = std::make_shared<StubResolver>(asking_again_after(1s, {server.address()}));
  std::size_t right = 0;
  for (Pending<Answer>& answer : ask_many(lookups_of(resolver, "192.0.2.0"), "n", 1'000)) {
    right += shown(answer.get()) == "found 192.0.2.1" ? 1 : 0;
  }
  CHECK(right == 1'000);
  CHECK(resolver->statistics().held_back > 0);
  CHECK(resolver->statistics().turned_away == 0);
}

TEST_CASE("clients with slow servers leave others theirs", "[dns]") {
  const DescriptorLimit limit(400);
  ScriptedServer server(slow_or_found);
  const auto resolver = std::make_shared<StubResolver>(asking_again_after(1s, {server.address()}));
  std::vector<std::vector<Pending<Answer>>> attack;
  for (const char* network : {"198.51.100.0", "203.0.113.0", "192.0.0.0"}) {
    attack.push_back(
        ask_many(lookups_of(resolver, network), std::string("slow-") + network, 5'000));
  }
  const Lookups honest = lookups_of(resolver, "192.0.2.0");
  for (Pending<Answer>& answer : ask_many(honest, "n", 200)) {
    CHECK(shown(answer.get()) == "found 192.0.2.1");
  }
  // Nor does it wait behind an attacker who asks the same.
  const Lookups attacker = lookups_of(resolver, "198.51.100.0");
  static_cast<void>(attacker.lookup("wanted.test", a));
  CHECK(shown(honest.lookup("wanted.test", a).get()) == "found 192.0.2.1");
  CHECK(resolver->statistics().held_back > 0);
}

TEST_CASE("what is given up ends, with its sockets", "[dns]") {
  ScriptedServer server(slow_or_found);
  const auto resolver = std::make_shared<StubResolver>(asking({server.address()}));
  const std::size_t before = open_descriptors();
  const Lookups leaving = lookups_of(resolver, "192.0.2.0");
  const Lookups staying = lookups_of(resolver, "192.0.2.0");
  std::vector<Pending<Answer>> dropped = ask_many(leaving, "slow", 50);
  leaving.prefetch("slow-prefetched.test", a);
  Pending<Answer> shared = staying.lookup("slow0.test", a);
  while (resolver->statistics().sent < 51 || resolver->statistics().joined < 1) {
    std::this_thread::sleep_for(1ms);
  }
  CHECK(open_descriptors() >= before + 51);
  leaving.give_up();
  for (Pending<Answer>& answer : dropped) {
    CHECK(shown(answer.get()) == "time-out");
  }
  while (resolver->statistics().given_up < 50) {
    std::this_thread::sleep_for(1ms);
  }
  CHECK(open_descriptors() <= before + 1);
  CHECK_FALSE(shared.is_ready());
  CHECK(shown(leaving.lookup("n.test", a).get()) == "time-out");
  CHECK(shown(staying.lookup("n.test", a).get()) == "found 192.0.2.1");
  CHECK(resolver->statistics().timeouts == 0);
}

TEST_CASE("look-ups are given up with their owner, and coroutines come to their end", "[dns]") {
  ScriptedServer server(slow_or_found);
  const auto resolver = std::make_shared<StubResolver>(asking({server.address()}));
  auto owned = std::make_optional<OwnedLookups>(lookups_of(resolver, "192.0.2.0"));
  Task<std::string> task = ask_twice(**owned, "slow.test", "n.test");
  OwnedLookups moved = *std::move(owned);
  owned.reset();
  CHECK(shown(moved->lookup("n.test", a).get()) == "found 192.0.2.1");
  CHECK_FALSE(task.is_ready());
  moved = OwnedLookups(lookups_of(resolver, "192.0.2.0"));
  CHECK(task.get() == "time-out, time-out");
}

TEST_CASE("without file descriptors a question waits for one", "[dns]") {
  ScriptedServer server(found);
  StubResolver resolver(asking({server.address()}));
  rlimit before{};
  REQUIRE(getrlimit(RLIMIT_NOFILE, &before) == 0);
  const rlimit none{0, before.rlim_max};
  REQUIRE(setrlimit(RLIMIT_NOFILE, &none) == 0);
  Pending<Answer> answer = resolver.lookup({"example.org", a}, soon());
  std::this_thread::sleep_for(20ms);
  const bool was_ready = answer.is_ready();
  setrlimit(RLIMIT_NOFILE, &before);
  CHECK_FALSE(was_ready);
  CHECK(shown(answer.get()) == "found 192.0.2.1");
}

TEST_CASE("what is under way ends with the resolver", "[dns]") {
  ScriptedServer server(silence);
  auto resolver = std::make_unique<StubResolver>(asking({server.address()}));
  Pending<Answer> answer = resolver->lookup({"example.org", a}, soon());
  resolver.reset();
  CHECK(shown(answer.get()) == "time-out");
}

Task<bool> tell_when_done(Lookups lookups, std::shared_ptr<std::atomic<bool>> done) {
  Pending<Answer> pending = lookups.lookup("example.org", a);
  const Answer answer = co_await pending;
  *done = true;
  co_return answer.status == Status::found;
}

TEST_CASE("a coroutine asks again from the network thread", "[dns]") {
  ScriptedServer server(found);
  const Lookups lookups(std::make_shared<StubResolver>(asking({server.address()})),
                        {.deadline = soon()});
  std::vector<Task<std::string>> tasks;
  for (int i = 0; i < 20; ++i) {
    tasks.push_back(ask_twice(lookups, "a" + std::to_string(i), "b" + std::to_string(i)));
  }
  for (Task<std::string>& task : tasks) {
    CHECK(task.get() == "found 192.0.2.1, found 192.0.2.1");
  }
  Task<std::string> warm = ask_twice(lookups, "a1", "b1");
  CHECK(warm.is_ready());
}

TEST_CASE("the last owner of the resolver may be on the network thread", "[dns]") {
  Gate gate;
  ScriptedServer server(gate.react());
  auto done = std::make_shared<std::atomic<bool>>(false);
  auto freed_on = std::make_shared<test::FreedOn>();
  {
    const Lookups lookups(test::watched(new StubResolver(asking({server.address()})), freed_on),
                          {.deadline = soon()});
    static_cast<void>(tell_when_done(lookups, done));
  }
  CHECK_FALSE(*done);
  gate.release();
  CHECK(freed_on->wait() != std::this_thread::get_id());
  CHECK(*done);
}

TEST_CASE("many threads ask one resolver", "[dns]") {
  ScriptedServer server(found);
  StubResolver resolver(asking_again_after(500ms, {server.address()}));
  std::atomic<int> right = 0;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 8; ++thread) {
    threads.emplace_back([&resolver, &right, thread] {
      for (int i = 0; i < 50; ++i) {
        const std::string name = "n" + std::to_string(thread % 4) + "." + std::to_string(i);
        right += ask(resolver, name, a) == "found 192.0.2.1" ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  CHECK(right == 400);
  const Statistics statistics = resolver.statistics();
  CHECK(statistics.questions == 400);
  CHECK(statistics.cache_hits + statistics.joined >= 200);
}

}  // namespace
}  // namespace sekisho::dns
