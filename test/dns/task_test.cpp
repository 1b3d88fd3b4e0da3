#include "dns/task.hpp"

#include "dns/lookups.hpp"
#include "dns/records.hpp"
#include "support/fake_resolver.hpp"
#include "support/freed_on.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::dns {
namespace {

using test::FakeResolver;
using namespace std::chrono_literals;

// Never answers by itself: the test does.
class HeldResolver final : public Resolver {
 public:
  [[nodiscard]] Pending<Answer> lookup(Question /*question*/, Deadline /*deadline*/) override {
    return Pending<Answer>(outcome);
  }
  void answer() {
    if (const auto waiting = outcome->set(Answer::found({Text{"held"}}))) {
      waiting.resume();
    }
  }
  std::shared_ptr<Outcome<Answer>> outcome = std::make_shared<Outcome<Answer>>();
};

Task<std::string> first_text(Lookups lookups, std::string name) {
  Pending<Answer> pending = lookups.lookup(std::move(name), RecordType::txt);
  const Answer answer = co_await pending;
  const std::vector<const Text*> texts = answer.all<Text>();
  if (texts.empty()) {
    co_return std::string(format_status(answer.status));
  }
  co_return texts.front()->data;
}

Task<int> refuse(Lookups lookups) {
  Pending<Answer> pending = lookups.lookup("example.org", RecordType::a);
  const Answer answer = co_await pending;
  if (answer.status != Status::found) {
    throw std::runtime_error("no address");
  }
  co_return 1;
}

// Adds up the names of a tree: each TXT record names two more, down to the leaves.
Task<int> count_names(Lookups lookups, std::string name) {
  Task<std::string> asked = first_text(lookups, name);
  const std::string children = co_await asked;
  if (children == "leaf") {
    co_return 1;
  }
  Task<int> left = count_names(lookups, name + "0");
  Task<int> right = count_names(lookups, name + "1");
  const int below_left = co_await left;
  const int below_right = co_await right;
  co_return 1 + below_left + below_right;
}

// Says when its frame is gone.
struct Witness {
  explicit Witness(std::shared_ptr<std::atomic<bool>> gone_flag) : gone(std::move(gone_flag)) {}
  Witness(const Witness&) = delete;
  Witness& operator=(const Witness&) = delete;
  ~Witness() { *gone = true; }
  std::shared_ptr<std::atomic<bool>> gone;
};

Task<int> watched(std::shared_ptr<Witness> witness, Lookups lookups) {
  Pending<Answer> pending = lookups.lookup("example.org", RecordType::txt);
  const Answer answer = co_await pending;
  co_return witness&& answer.status == Status::found ? 1 : 0;
}

std::shared_ptr<FakeResolver> tree_of_names(std::chrono::milliseconds delay) {
  auto resolver = std::make_shared<FakeResolver>(delay);
  std::vector<std::string> names{"n"};
  for (int depth = 0; depth < 4; ++depth) {
    std::vector<std::string> next;
    for (const std::string& name : names) {
      resolver->add_txt(name, depth == 3 ? "leaf" : "node");
      next.push_back(name + "0");
      next.push_back(name + "1");
    }
    names = std::move(next);
  }
  return resolver;
}

TEST_CASE("a task whose answers are there runs on the caller's thread to its end", "[dns]") {
  auto resolver = std::make_shared<FakeResolver>();
  resolver->add_txt("example.org", "hello");
  Task<std::string> task = first_text(test::lookups_on(resolver), "example.org");
  CHECK(task.is_ready());
  CHECK(task.get() == "hello");
}

TEST_CASE("a task suspends until its answer comes", "[dns]") {
  auto resolver = std::make_shared<HeldResolver>();
  Task<std::string> task = first_text(test::lookups_on(resolver), "example.org");
  CHECK_FALSE(task.is_ready());
  resolver->answer();
  CHECK(task.is_ready());
  CHECK(task.get() == "held");
}

TEST_CASE("a task may be dropped unread, and ends by itself", "[dns]") {
  auto gone = std::make_shared<std::atomic<bool>>(false);
  auto resolver = std::make_shared<HeldResolver>();
  static_cast<void>(watched(std::make_shared<Witness>(gone), test::lookups_on(resolver)));
  CHECK_FALSE(*gone);
  resolver->answer();
  CHECK(*gone);
}

TEST_CASE("a task's frame is gone before its result can be read", "[dns]") {
  auto resolver = std::make_shared<FakeResolver>(1ms);
  resolver->add_txt("example.org", "x");
  auto gone = std::make_shared<std::atomic<bool>>(false);
  Task<int> task = watched(std::make_shared<Witness>(gone), test::lookups_on(resolver));
  CHECK(task.get() == 1);
  CHECK(*gone);
}

TEST_CASE("what a task throws reaches its reader", "[dns]") {
  for (const auto delay : {0ms, 1ms}) {
    DYNAMIC_SECTION("after " << delay.count() << " ms") {
      Task<int> task = refuse(test::lookups_on(std::make_shared<FakeResolver>(delay)));
      CHECK_THROWS_WITH(task.get(), "no address");
    }
  }
}

TEST_CASE("what an awaited task throws passes through the awaiting one", "[dns]") {
  struct Outer {
    static Task<int> run(Lookups lookups) {
      Task<int> inner = refuse(lookups);
      const int value = co_await inner;
      co_return value;
    }
  };
  Task<int> task = Outer::run(test::lookups_on(std::make_shared<FakeResolver>(1ms)));
  CHECK_THROWS_WITH(task.get(), "no address");
}

TEST_CASE("a tree of tasks adds up, its names asked side by side", "[dns]") {
  for (const auto delay : {0ms, 1ms, 20ms}) {
    DYNAMIC_SECTION("answers after " << delay.count() << " ms") {
      const auto resolver = tree_of_names(delay);
      Task<int> task = count_names(test::lookups_on(resolver), "n");
      CHECK(task.get() == 15);
      CHECK(resolver->asked().size() == 15);
    }
  }
}

TEST_CASE("many threads run tasks over one resolver", "[dns]") {
  const auto resolver = tree_of_names(1ms);
  std::array<int, 8> sums{};
  std::vector<std::thread> threads;
  for (int& sum : sums) {
    threads.emplace_back([resolver, &sum] {
      Task<int> one = count_names(test::lookups_on(resolver), "n");
      Task<int> other = count_names(test::lookups_on(resolver), "n0");
      sum = one.get() + other.get();
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  CHECK(sums == std::array<int, 8>{22, 22, 22, 22, 22, 22, 22, 22});
}

TEST_CASE("the last owner of a resolver may be a task on the thread that answers", "[dns]") {
  auto gone = std::make_shared<std::atomic<bool>>(false);
  auto freed_on = std::make_shared<test::FreedOn>();
  std::shared_ptr<Outcome<Answer>> outcome;
  {
    auto resolver = test::watched(new HeldResolver, freed_on);
    outcome = resolver->outcome;
    static_cast<void>(watched(std::make_shared<Witness>(gone), test::lookups_on(resolver)));
  }
  CHECK_FALSE(*gone);
  std::thread answering([&] {
    if (const auto waiting = outcome->set(Answer::found({Text{"held"}}))) {
      waiting.resume();
    }
  });
  const std::thread::id answers_on = answering.get_id();
  answering.join();
  CHECK(*gone);
  CHECK(freed_on->wait() == answers_on);
}

TEST_CASE("a message's look-ups are counted against its limit", "[dns]") {
  auto resolver = std::make_shared<FakeResolver>();
  const Lookups lookups(resolver, {.deadline = std::chrono::steady_clock::now() + 5s, .limit = 2});
  const Lookups copy = lookups;
  CHECK(shown(lookups.lookup("a", RecordType::a).get()) == "no such name");
  copy.prefetch("b", RecordType::a);
  CHECK(shown(copy.lookup("c", RecordType::a).get()) == "look-up limit reached");
  CHECK(resolver->asked().size() == 2);
}

TEST_CASE("look-ups are recorded when asked to be", "[dns]") {
  for (const auto delay : {0ms, 1ms}) {
    DYNAMIC_SECTION("answers after " << delay.count() << " ms") {
      auto resolver = std::make_shared<FakeResolver>(delay);
      resolver->add_txt("a", "x");
      const Lookups lookups(
          resolver,
          {.deadline = std::chrono::steady_clock::now() + 5s, .limit = 300, .keep_records = true});
      Pending<Answer> first = lookups.lookup("a", RecordType::txt);
      Pending<Answer> second = lookups.lookup("b", RecordType::txt);
      CHECK(shown(first.get()) == "found x");
      CHECK(shown(second.get()) == "no such name");
      const std::vector<LookupRecord> records = lookups.records();
      REQUIRE(records.size() == 2);
      CHECK(records[0].question.name == "a");
      CHECK(records[0].status == Status::found);
      CHECK(records[1].status == Status::no_such_name);
      CHECK(records[0].begin <= records[0].end);
    }
  }
}

TEST_CASE("a look-up ends at its deadline", "[dns]") {
  auto resolver = std::make_shared<FakeResolver>(1h);
  const Lookups lookups(resolver, {.deadline = std::chrono::steady_clock::now() + 1ms});
  CHECK(shown(lookups.lookup("a", RecordType::txt).get()) == "time-out");
}

}  // namespace
}  // namespace sekisho::dns
