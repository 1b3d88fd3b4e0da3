// Tallies: the same on SQLite and on PostgreSQL.
#include "report/store/tallies.hpp"

#include "home.hpp"

#include <string>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::report::store {

namespace {

constexpr std::chrono::sys_seconds noon{std::chrono::seconds{1'700'006'400}};

Tally sent(std::uint64_t messages, std::chrono::hours later = std::chrono::hours{0}) {
  return {.kind = TallyKind::sent,
          .begin = noon + later,
          .author = "shop.example",
          .party = "gmail",
          .detail = {},
          .messages = messages};
}

Tally change(const std::string& party) {
  return {.kind = TallyKind::change,
          .begin = noon,
          .author = "bank.example",
          .party = party,
          .detail = "body.tail",
          .messages = 1};
}

std::vector<Tally> read(Store& store, TallyKind kind, std::chrono::sys_seconds first = {}) {
  auto tallies = read_tallies(store.database(), kind, first);
  REQUIRE(tallies);
  return *std::move(tallies);
}

void add(Store& store, const std::vector<Tally>& tallies, const std::string& batch = {}) {
  REQUIRE(store.add({}, batch, {}, tallies));
}

}  // namespace

TEST_CASE("tallies of several hosts add up, each batch once", "[store]") {
  for (const Backend backend : backends()) {
    DYNAMIC_SECTION("backend " << static_cast<int>(backend)) {
      const Home home(backend);
      Store one = home.store();
      Store other = home.store();
      add(one, {sent(3), sent(4)}, "a");
      add(other, {sent(10)}, "b");
      add(other, {sent(10)}, "b");
      add(one, {sent(1, std::chrono::hours{1}), change("list.example"), change("list.example")});
      CHECK(read(one, TallyKind::sent) == std::vector{sent(17), sent(1, std::chrono::hours{1})});
      CHECK(read(other, TallyKind::sent, noon + std::chrono::seconds{1}) ==
            std::vector{sent(1, std::chrono::hours{1})});
      Tally twice = change("list.example");
      twice.messages = 2;
      CHECK(read(one, TallyKind::change) == std::vector{twice});
    }
  }
}

TEST_CASE("two hosts that add the same tallies wait for no lock of each other", "[store]") {
  for (const Backend backend : backends()) {
    DYNAMIC_SECTION("backend " << static_cast<int>(backend)) {
      const Home home(backend);
      const std::vector<Tally> forwards = {change("a.example"), change("b.example"), sent(1)};
      const std::vector<Tally> backwards(forwards.rbegin(), forwards.rend());
      {
        std::vector<std::jthread> hosts;
        for (const auto& tallies : {forwards, backwards}) {
          hosts.emplace_back([&home, tallies] {
            Store store = home.store();
            for (int i = 0; i < 50; ++i) {
              static_cast<void>(store.add({}, {}, {}, tallies).value());
            }
          });
        }
      }
      Store store = home.store();
      CHECK(read(store, TallyKind::sent).at(0).messages == 100);
      CHECK(read(store, TallyKind::change).size() == 2);
    }
  }
}

TEST_CASE("tallies are kept as long as observations", "[store]") {
  const Home home(Backend::sqlite);
  Store store = home.store();
  add(store, {sent(1), sent(2, std::chrono::hours{24})});
  REQUIRE(store.forget_before(std::chrono::floor<std::chrono::days>(noon) + std::chrono::days{1}));
  CHECK(read(store, TallyKind::sent) == std::vector{sent(2, std::chrono::hours{24})});
}

TEST_CASE("a batch of tallies alone is known as long as they are", "[store]") {
  const Home home(Backend::sqlite);
  Store store = home.store();
  add(store, {sent(1)}, "a");
  REQUIRE(store.forget_before(std::chrono::floor<std::chrono::days>(noon)));
  add(store, {sent(1)}, "a");
  CHECK(read(store, TallyKind::sent) == std::vector{sent(1)});
}

TEST_CASE("a tally is a line, and no other line is one", "[store]") {
  const std::string line = "tally\tchange\t1700006400\tbank.example\tlist.example\tbody.tail\t1";
  CHECK(write_tally(change("list.example")) == line);
  CHECK(read_tally(line) == change("list.example"));
  CHECK(read_tally(write_tally(sent(5))) == sent(5));
  const std::string others[] = {
      "",
      "tally\t",
      line.substr(6),
      line + "\t",
      line + "\tx",
      line + "x",
      line.substr(0, line.size() - 1),
      line.substr(0, line.size() - 1) + "0",
      line.substr(0, line.size() - 1) + "-1",
      "tally\tother\t1700006400\ta\tb\tc\t1",
      "tally\tsent\t\ta\tb\tc\t1",
      "tally\tsent\t-1\ta\tb\tc\t1",
      "tally\tsent\t1\ta\x1b\tb\tc\t1",
      "tally\tsent\t1\t" + std::string(1'025, 'a') + "\tb\tc\t1",
  };
  for (const std::string& other : others) {
    CAPTURE(other);
    CHECK_FALSE(read_tally(other));
  }
}

}  // namespace sekisho::report::store
