// What a recorder promises.
#include "report/recorder/recorder.hpp"

#include "report/recorder/spill.hpp"
#include "report/store/home.hpp"
#include "report/store/soci.hpp"

#include <atomic>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>

namespace sekisho::report::recorder {

namespace {

using std::chrono::milliseconds;

/// What a recorder told.
class Told {
 public:
  [[nodiscard]] RecorderLog log() {
    const auto keep = [this](const std::string& text) {
      const std::scoped_lock lock(mutex_);
      lines_.push_back(text);
    };
    return {keep, keep};
  }
  [[nodiscard]] int count(std::string_view part) {
    const std::scoped_lock lock(mutex_);
    return static_cast<int>(std::ranges::count_if(
        lines_, [&](const std::string& line) { return line.contains(part); }));
  }

 private:
  std::mutex mutex_;
  std::vector<std::string> lines_;
};

RecorderOptions options_for(const store::Location& location, const std::string& spill_file) {
  RecorderOptions options;
  options.store = location.target;
  options.commit_interval = milliseconds{10};
  options.spill_file = spill_file;
  options.retention = std::chrono::days{100'000};
  return options;
}

/// The message of that number: a hundred kinds.
store::Observation message(int number) {
  return store::an_observation("d" + std::to_string(number % 100) + ".example.org");
}

std::uint64_t messages_in_store(store::Store& store) {
  const auto domains = store.domains(store::day_period(store::first_day));
  REQUIRE(domains);
  return domains->empty() ? 0 : domains->at(0).messages;
}

/// Waits for what comes sooner or later, but not for ever.
bool becomes_true(const std::function<bool()>& condition) {
  for (int i = 0; i < 3'000; ++i) {
    if (condition()) {
      return true;
    }
    std::this_thread::sleep_for(milliseconds(10));
  }
  return false;
}

}  // namespace

TEST_CASE("a clean stop loses nothing", "[recorder]") {
  for (const store::Backend backend : store::backends()) {
    DYNAMIC_SECTION("backend " << static_cast<int>(backend)) {
      const store::Home home(backend);
      const store::Folder folder;
      Told told;
      Recorder recorder(told.log());
      RecorderOptions options = options_for(home.location(), folder.file("spill"));
      options.commit_interval = std::chrono::hours{1};
      recorder.set_options(options);
      constexpr int threads = 4;
      constexpr int each = 100;  // one batch, which PostgreSQL has to take within the patience
      {
        std::vector<std::jthread> sessions;
        for (int i = 0; i < threads; ++i) {
          sessions.emplace_back([&] {
            for (int n = 0; n < each; ++n) {
              recorder.record(message(n));
            }
          });
        }
      }
      recorder.stop();
      recorder.record(message(0));
      store::Store store = home.store();
      CHECK(messages_in_store(store) == threads * each);
      CHECK(recorder.statistics() == RecorderStatistics{.recorded = 400, .written = 400});
      CHECK(told.count("") == 0);
    }
  }
}

TEST_CASE("one message is written soon, and so is one tally", "[recorder]") {
  const store::Home home(store::Backend::sqlite);
  const store::Folder folder;
  Told told;
  Recorder recorder(told.log());
  recorder.set_options(options_for(home.location(), folder.file("spill")));
  recorder.record(message(0));
  CHECK(becomes_true([&] { return recorder.statistics().written == 1; }));
  const store::Tally tally{
      .begin = store::first_day, .author = "a.example", .party = "gmail", .detail = {}};
  recorder.record(tally);
  CHECK(becomes_true([&] {
    store::Store store = home.store();
    return store::read_tallies(store.database(), store::TallyKind::sent, {}).value() ==
           std::vector{tally};
  }));
}

TEST_CASE("without a store nothing is recorded", "[recorder]") {
  Told told;
  Recorder recorder(told.log());
  recorder.record(message(0));
  recorder.set_options({});
  recorder.record(message(0));
  recorder.stop();
  CHECK(recorder.statistics() == RecorderStatistics{});
}

TEST_CASE("new options bring another store, and nothing is lost between", "[recorder]") {
  const store::Home first(store::Backend::sqlite);
  const store::Home second(store::Backend::sqlite);
  Told told;
  Recorder recorder(told.log());
  recorder.set_options(options_for(first.location(), ""));
  for (int i = 0; i < 10; ++i) {
    recorder.record(message(i));
  }
  REQUIRE(becomes_true([&] { return recorder.statistics().written == 10; }));
  recorder.set_options(options_for(second.location(), ""));
  for (int i = 0; i < 10; ++i) {
    recorder.record(message(i));
  }
  REQUIRE(becomes_true([&] { return recorder.statistics().written == 20; }));
  recorder.set_options({});
  recorder.record(message(0));
  recorder.set_options(options_for(first.location(), ""));
  recorder.record(message(0));
  recorder.stop();
  store::Store one = first.store();
  store::Store two = second.store();
  CHECK(messages_in_store(one) + messages_in_store(two) == 21);
  CHECK(messages_in_store(one) >= 10);
}

TEST_CASE("a store that is away when the daemon starts and stops costs nothing", "[recorder]") {
  const store::Folder folder;
  const store::Location location{store::Backend::sqlite, folder.file("later/feedback.db")};
  Told told;
  for (int life = 0; life < 2; ++life) {
    Recorder recorder(told.log());
    recorder.set_options(options_for(location, folder.file("spill")));
    for (int i = 0; i < 100; ++i) {
      recorder.record(message(i % 10));
    }
    recorder.stop();
    CHECK(recorder.statistics().spilled == 100);
    CHECK(recorder.statistics().is_away);
  }
  CHECK(told.count("is away") == 2);
  std::filesystem::create_directory(folder.file("later"));
  Recorder recorder(told.log());
  recorder.set_options(options_for(location, folder.file("spill")));
  recorder.record(message(0));
  REQUIRE(becomes_true([&] { return told.count("of the spill file are counted") == 1; }));
  recorder.stop();
  auto store = store::Store::open(location);
  REQUIRE(store);
  CHECK(messages_in_store(*store) == 201);
  CHECK(std::filesystem::file_size(folder.file("spill")) == 0);
}

TEST_CASE("a spill file that is full costs what does not fit, and is told of", "[recorder]") {
  const store::Folder folder;
  const store::Location location{store::Backend::sqlite, folder.file("none/feedback.db")};
  Told told;
  Recorder recorder(told.log());
  RecorderOptions options = options_for(location, folder.file("spill"));
  options.spill_limit = 4'096;
  recorder.set_options(options);
  for (int i = 0; i < 100; ++i) {
    recorder.record(message(i));
  }
  recorder.stop();
  const RecorderStatistics statistics = recorder.statistics();
  CHECK(statistics.spilled > 0);
  CHECK(statistics.dropped > 0);
  CHECK(statistics.spilled + statistics.dropped == 100);
  CHECK(std::filesystem::file_size(folder.file("spill")) <= 4'096);
  CHECK(told.count("are not counted") == 1);
}

TEST_CASE("a queue that is full costs what does not fit", "[recorder]") {
  const store::Home home(store::Backend::sqlite);
  Told told;
  Recorder recorder(told.log());
  RecorderOptions options = options_for(home.location(), "");
  options.queue = 10;
  // Somebody else holds the store.
  store::Store store = home.store();
  std::optional<store::DatabaseTransaction> transaction(std::in_place, store.database());
  recorder.set_options(options);
  for (int i = 0; i < 1'000; ++i) {
    recorder.record(message(i));
  }
  CHECK(recorder.statistics().dropped > 0);
  transaction.reset();
  recorder.stop();
  const RecorderStatistics statistics = recorder.statistics();
  CHECK(statistics.recorded == 1'000);
  CHECK(statistics.written + statistics.dropped == 1'000);
  CHECK(messages_in_store(store) == statistics.written);
}

TEST_CASE("two recorders do not share a spill file", "[recorder]") {
  const store::Folder folder;
  const store::Location location{store::Backend::sqlite, folder.file("none/feedback.db")};
  const auto mine = Spill::open(folder.file("spill"), 1'000'000);
  REQUIRE(mine);
  Told told;
  Recorder recorder(told.log());
  recorder.set_options(options_for(location, folder.file("spill")));
  recorder.record(message(0));
  recorder.stop();
  CHECK(told.count("another process has it") == 1);
  CHECK(recorder.statistics().dropped == 1);
}

TEST_CASE("kill -9 costs no more than the last batch", "[recorder]") {
  // What was written or spilled when a process said so is there after its sudden end.
  struct Case {
    const char* name;
    bool is_away;
  };
  for (const auto& [name, is_away] : {Case{"store", false}, Case{"spill file", true}}) {
    DYNAMIC_SECTION(name) {
      const store::Folder folder;
      const store::Location location{store::Backend::sqlite,
                                     folder.file(is_away ? "later/feedback.db" : "feedback.db")};
      int pipe_ends[2] = {};
      REQUIRE(::pipe(pipe_ends) == 0);
      const pid_t child = ::fork();
      if (child == 0) {
        Recorder recorder({[](const std::string&) {}, [](const std::string&) {}});
        RecorderOptions options = options_for(location, folder.file("spill"));
        options.queue = 1'000;  // small batches, which a slow machine, too, writes in time
        recorder.set_options(options);
        for (int i = 0;; ++i) {
          recorder.record(message(i));
          const RecorderStatistics statistics = recorder.statistics();
          const std::uint64_t safe = statistics.written + statistics.spilled;
          if (::write(pipe_ends[1], &safe, sizeof safe) < 0) {
            ::_exit(1);
          }
        }
      }
      std::uint64_t safe = 0;
      while (safe < 1'000 && ::read(pipe_ends[0], &safe, sizeof safe) == sizeof safe) {
      }
      REQUIRE(::kill(child, SIGKILL) == 0);
      ::waitpid(child, nullptr, 0);
      ::close(pipe_ends[1]);
      std::uint64_t later = 0;
      while (::read(pipe_ends[0], &later, sizeof later) == sizeof later) {
        safe = later;
      }
      ::close(pipe_ends[0]);

      std::filesystem::create_directory(folder.file("later"));
      Told told;
      Recorder recorder(told.log());
      recorder.set_options(options_for(location, folder.file("spill")));
      recorder.record(message(0));
      REQUIRE(becomes_true([&] {
        return recorder.statistics().written > 0 &&
               (!is_away || told.count("of the spill file are counted") == 1);
      }));
      recorder.stop();
      auto store = store::Store::open(location);
      REQUIRE(store);
      CHECK(messages_in_store(*store) >= safe + 1);
    }
  }
}

TEST_CASE("a PostgreSQL that is stopped and started in mid-traffic costs nothing", "[recorder]") {
  if (!store::server_programs() && std::getenv("CI") == nullptr) {
    WARN("no PostgreSQL server is installed");
    return;
  }
  const store::Home home(store::Backend::postgresql);
  const store::Folder folder;
  Told told;
  std::atomic<bool> is_over = false;
  std::atomic<int> sent = 0;
  Recorder recorder(told.log());
  RecorderOptions options = options_for(home.location(), folder.file("spill"));
  options.commit_interval = milliseconds{50};  // few batches, which a slow machine, too, has soon
  recorder.set_options(options);
  {
    std::jthread traffic([&] {
      while (!is_over) {
        recorder.record(message(sent++));
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
      }
    });
    REQUIRE(becomes_true([&] { return recorder.statistics().written > 100; }));
    for (int outage = 1; outage <= 2; ++outage) {
      const std::uint64_t before = recorder.statistics().spilled;
      store::shared_cluster().stop();
      CHECK(becomes_true([&] { return recorder.statistics().spilled > before + 100; }));
      store::shared_cluster().start();
      CHECK(becomes_true([&] { return told.count("of the spill file are counted") >= outage; }));
    }
    is_over = true;
  }
  recorder.stop();
  const RecorderStatistics statistics = recorder.statistics();
  CHECK(statistics.dropped == 0);
  CHECK(statistics.written == static_cast<std::uint64_t>(sent));
  store::Store store = home.store();
  CHECK(messages_in_store(store) == static_cast<std::uint64_t>(sent));
  CHECK(told.count("is away") >= 2);
}

TEST_CASE("a disk that is full costs nothing that the spill file can hold", "[recorder]") {
  const store::Folder folder;
  const std::string disk = folder.file("disk");
  std::filesystem::create_directory(disk);
  // A mount namespace of our own, so that the small disk is nobody else's.
  if (::unshare(CLONE_NEWNS) != 0 ||
      ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
      ::mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=1m") != 0) {
    WARN("not run: a small disk needs root and a mount namespace");
    REQUIRE(std::getenv("CI") == nullptr);
    return;
  }
  const store::Location location{store::Backend::sqlite, disk + "/feedback.db"};
  Told told;
  Recorder recorder(told.log());
  recorder.set_options(options_for(location, folder.file("spill")));
  int sent = 0;
  REQUIRE(becomes_true([&] {
    for (int i = 0; i < 100; ++i) {
      recorder.record(store::an_observation("d" + std::to_string(sent++) + ".example.org"));
    }
    return becomes_true([&] { return recorder.statistics().waiting == 0; }) &&
           recorder.statistics().spilled > 0;
  }));
  CHECK(told.count("is away") == 1);
  CHECK(told.count("full") == 1);
  REQUIRE(::mount("tmpfs", disk.c_str(), "tmpfs", MS_REMOUNT, "size=64m") == 0);
  CHECK(becomes_true([&] { return told.count("of the spill file are counted") == 1; }));
  recorder.stop();
  CHECK(recorder.statistics().dropped == 0);
  {
    auto store = store::Store::open(location);
    REQUIRE(store);
    CHECK(messages_in_store(*store) == static_cast<std::uint64_t>(sent));
  }
  ::umount(disk.c_str());
}

}  // namespace sekisho::report::recorder
