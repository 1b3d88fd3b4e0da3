// A store that hangs is given up, and nothing is counted twice for it.
#include "report/recorder/store_with_timeout.hpp"

#include "report/store/home.hpp"
#include "report/store/soci.hpp"

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <thread>

#include <catch2/catch.hpp>

namespace sekisho::report::recorder {

namespace {

using std::chrono::milliseconds;

/// Keeps everybody else from writing.
class Lock {
 public:
  explicit Lock(const store::Location& location) : database_(*store::Database::open(location)) {
    transaction_.emplace(database_);
    if (location.backend == store::Backend::postgresql) {
      database_.session() << "LOCK TABLE batches";
    }
  }

 private:
  store::Database database_;
  std::optional<store::DatabaseTransaction> transaction_;
};

std::string complaint(const std::expected<void, store::StoreError>& outcome) {
  return outcome ? "" : outcome.error().text;
}

std::uint64_t messages_in(const store::Home& home) {
  const auto domains = home.store().domains(store::day_period(store::first_day));
  REQUIRE(domains);
  return domains->empty() ? 0 : domains->at(0).messages;
}

}  // namespace

TEST_CASE("a call that hangs is given up, and counted once all the same", "[patient_store]") {
  for (const store::Backend backend : store::backends()) {
    DYNAMIC_SECTION("backend " << static_cast<int>(backend)) {
      const store::Home home(backend);
      static_cast<void>(home.store());  // has its tables
      std::optional<Lock> lock(home.location());
      StoreWithTimeout store(home.location(), milliseconds{30});
      const Batch batch{"a batch", {store::an_observation(), store::an_observation()}};
      CHECK(complaint(store.add(batch, {})) == "it does not answer");
      CHECK(complaint(store.add(batch, {})) == "it still does not answer");
      CHECK(complaint(store.forget_before(store::first_day)) == "it still does not answer");
      lock.reset();
      for (int tries = 0; tries < 3'000 && !store.add(batch, {}); ++tries) {
        std::this_thread::sleep_for(milliseconds{10});
      }
      CHECK(complaint(store.add(batch, {})).empty());
      CHECK(messages_in(home) == 2);
    }
  }
}

TEST_CASE("a store that comes back is opened anew", "[patient_store]") {
  const store::Folder folder;
  const store::Location location{store::Backend::sqlite, folder.file("later/feedback.db")};
  StoreWithTimeout store(location, std::chrono::minutes{1});
  const Batch batch{"a batch", {store::an_observation()}};
  CHECK_FALSE(store.add(batch, {}));
  std::filesystem::create_directory(folder.file("later"));
  CHECK(complaint(store.add(batch, {})).empty());
  CHECK(complaint(store.forget_before(store::first_day + std::chrono::days{1})).empty());
  const auto domains = store::Store::open(location)->domains(store::day_period(store::first_day));
  REQUIRE(domains);
  CHECK(domains->empty());
}

}  // namespace sekisho::report::recorder
