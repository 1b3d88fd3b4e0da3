// Tallies on their way into the store, and what other hosts have there.
#include "report/recorder/recorder.hpp"
#include "report/recorder/sent_tallies.hpp"
#include "report/recorder/spill.hpp"
#include "report/recorder/tally_limit.hpp"
#include "report/store/home.hpp"

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::report::recorder {

namespace {

using store::Tally;
using store::TallyKind;

// Of this hour: the recorder asks for those of the last day.
std::chrono::sys_seconds this_hour() {
  return std::chrono::floor<std::chrono::hours>(std::chrono::system_clock::now());
}

Tally sent(const std::string& author, std::uint64_t messages = 1) {
  return {.kind = TallyKind::sent,
          .begin = this_hour(),
          .author = author,
          .party = "gmail",
          .detail = {},
          .messages = messages};
}

RecorderOptions options_for(const store::Home& home, const std::string& spill_file) {
  RecorderOptions options;
  options.store = home.location().target;
  options.commit_interval = std::chrono::milliseconds{10};
  options.spill_file = spill_file;
  options.reads_sent = true;
  return options;
}

RecorderLog silent() {
  const auto ignore = [](const std::string&) {};
  return {ignore, ignore};
}

/// The first call of SentElsewhere.
class FirstReading {
 public:
  [[nodiscard]] SentElsewhere listener() {
    return [this](const std::vector<Tally>& tallies) {
      const std::scoped_lock lock(mutex_);
      if (!tallies_) {
        tallies_ = tallies;
      }
    };
  }
  [[nodiscard]] std::vector<Tally> wait() {
    for (int i = 0; i < 3'000; ++i) {
      {
        const std::scoped_lock lock(mutex_);
        if (tallies_) {
          return *tallies_;
        }
      }
      std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
    FAIL("nothing was read");
    return {};
  }

 private:
  std::mutex mutex_;
  std::optional<std::vector<Tally>> tallies_;
};

std::vector<Tally> in_store(const store::Home& home, TallyKind kind) {
  store::Store store = home.store();
  return store::read_tallies(store.database(), kind, {}).value();
}

}  // namespace

TEST_CASE("what an earlier process sent is told to the next one", "[recorder]") {
  for (const store::Backend backend : store::backends()) {
    DYNAMIC_SECTION("backend " << static_cast<int>(backend)) {
      const store::Home home(backend);
      const store::Folder folder;
      {
        FirstReading nothing;
        Recorder first(silent(), nothing.listener());
        first.set_options(options_for(home, folder.file("spill")));
        CHECK(nothing.wait().empty());
        for (int i = 0; i < 5; ++i) {
          first.record(sent("a.example"));
        }
        first.record(sent("b.example", 7));
        first.stop();
        first.record(sent("b.example"));
      }
      const std::vector expected = {sent("a.example", 5), sent("b.example", 7)};
      CHECK(in_store(home, TallyKind::sent) == expected);
      FirstReading reading;
      Recorder second(silent(), reading.listener());
      second.set_options(options_for(home, folder.file("spill")));
      CHECK(reading.wait() == expected);
    }
  }
}

TEST_CASE("tallies wait in the spill file while the store is away", "[recorder]") {
  const store::Home home(store::Backend::sqlite);
  const store::Folder folder;
  const store::Location away{store::Backend::sqlite, folder.file("later/store.db")};
  RecorderOptions options = options_for(home, folder.file("spill"));
  options.store = away.target;
  {
    Recorder recorder(silent());
    recorder.set_options(options);
    recorder.record(sent("a.example", 3));
    recorder.stop();
  }
  std::filesystem::create_directory(folder.file("later"));
  Recorder recorder(silent());
  recorder.set_options(options);
  recorder.record(sent("a.example"));
  std::vector<Tally> found;
  for (int i = 0; i < 3'000 && (found.empty() || found[0].messages < 4); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
    if (auto opened = store::Store::open(away)) {
      found = store::read_tallies(opened->database(), TallyKind::sent, {}).value();
    }
  }
  CHECK(found == std::vector{sent("a.example", 4)});
}

TEST_CASE("what is our own in the store is not told as another's", "[recorder]") {
  SentTallies own;
  own.note_own(std::vector{sent("a.example", 3), sent("a.example", 4), sent("b.example", 2)});
  Tally change = sent("a.example", 100);
  change.kind = TallyKind::change;
  own.note_own(std::vector{change});
  CHECK(own.without_own({sent("a.example", 10), sent("b.example", 2), sent("c.example", 1)}) ==
        std::vector{sent("a.example", 3), sent("c.example", 1)});
  CHECK(own.without_own({sent("a.example", 6)}).empty());
  own.forget_before(this_hour() + std::chrono::seconds{1});
  CHECK(own.without_own({sent("b.example", 2)}) == std::vector{sent("b.example", 2)});
}

TEST_CASE("strangers make no rows of tallies beyond a limit", "[recorder]") {
  TallyLimit limit;
  Tally change{.kind = TallyKind::change,
               .begin = std::chrono::sys_seconds{std::chrono::days{20'000}},
               .author = {},
               .party = "list.example",
               .detail = "body.tail",
               .messages = 1};
  for (std::size_t i = 0; i < TallyLimit::max_rows; ++i) {
    change.author = "d" + std::to_string(i) + ".example";
    REQUIRE(limit.admit(change) == change);
  }
  CHECK(limit.admit(change) == change);
  Tally one_more = change;
  one_more.author = "new.example";
  const Tally counted = limit.admit(one_more);
  CHECK(counted.author.empty());
  CHECK(counted.party.empty());
  CHECK(counted.detail == "body.tail");
  CHECK(limit.admit(sent("new.example")) == sent("new.example"));
  one_more.begin += std::chrono::days{1};
  CHECK(limit.admit(one_more) == one_more);
}

TEST_CASE("tallies of a batch come back from the spill file with it", "[spill]") {
  const store::Folder folder;
  auto spill = Spill::open(folder.file("spill"), 1'000'000).value();
  const std::vector tallies = {sent("a.example", 3), sent("b.example")};
  CHECK(spill.append({"a", {store::an_observation()}, tallies}) == 0);
  CHECK(spill.append({"b", {}, tallies}) == 0);
  auto batch = spill.next();
  REQUIRE(batch);
  CHECK(batch->observations.size() == 1);
  CHECK(batch->tallies == tallies);
  batch = spill.next();
  REQUIRE(batch);
  CHECK(batch->name == "b");
  CHECK(batch->tallies == tallies);
  CHECK_FALSE(spill.next());
}

}  // namespace sekisho::report::recorder
