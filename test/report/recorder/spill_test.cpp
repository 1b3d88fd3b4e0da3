#include "report/recorder/spill.hpp"

#include "report/store/a_store.hpp"

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::report::recorder {

namespace {

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write_file(const std::string& path, std::string_view content) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
}

Spill spill_at(const std::string& path, std::size_t limit = 1'000'000) {
  auto spill = Spill::open(path, limit);
  REQUIRE(spill);
  return *std::move(spill);
}

std::vector<Batch> batches_of(Spill& spill) {
  std::vector<Batch> batches;
  while (auto batch = spill.next()) {
    batches.push_back(*std::move(batch));
  }
  return batches;
}

}  // namespace

TEST_CASE("batches come back as they were, in their order", "[spill]") {
  const store::Folder folder;
  const std::string path = folder.file("spill");
  {
    Spill spill = spill_at(path);
    CHECK(spill.is_empty());
    CHECK(spill.append({"a", {store::an_observation(), store::an_observation("b.example.org")}}) ==
          0);
    CHECK(spill.append({"b", {store::an_observation()}}) == 0);
    CHECK_FALSE(spill.is_empty());
  }
  Spill spill = spill_at(path);
  const auto first = spill.next();
  REQUIRE(first);
  CHECK(first->name == "a");
  CHECK(first->observations ==
        std::vector<store::Observation>{store::an_observation(),
                                        store::an_observation("b.example.org")});
  spill.go_back();
  const auto again = spill.next();
  REQUIRE(again);
  CHECK(again->observations == first->observations);
  CHECK(spill.append({"c", {store::an_observation()}}) == 0);
  const auto rest = batches_of(spill);
  REQUIRE(rest.size() == 2);
  CHECK(rest[0].name == "b");
  CHECK(rest[1].name == "c");
  spill.clear();
  CHECK(spill.is_empty());
  CHECK(content_of(path).empty());
  CHECK_FALSE(spill.next());
}

TEST_CASE("messages that fared alike are one line", "[spill]") {
  const store::Folder folder;
  Spill spill = spill_at(folder.file("spill"));
  CHECK(spill.append({"a", std::vector<store::Observation>(1'000, store::an_observation())}) == 0);
  const auto batches = batches_of(spill);
  REQUIRE(batches.size() == 1);
  REQUIRE(batches[0].observations.size() == 1);
  CHECK(batches[0].observations[0].record.count == 1'000);
}

TEST_CASE("what is torn or foreign is ignored, and the rest is not", "[spill]") {
  const store::Folder folder;
  const std::string path = folder.file("spill");
  static_cast<void>(spill_at(path).append(
      {"a", {store::an_observation(), store::an_observation("b.example.org")}}));
  const std::string whole = content_of(path);
  const std::size_t second = whole.find('\n') + 1;

  SECTION("the end of the file, at every place") {
    for (std::size_t length = second; length < whole.size(); length += 7) {
      write_file(path, std::string_view(whole).substr(0, length));
      Spill spill = spill_at(path);
      CHECK(spill.append({"b", {store::an_observation()}}) == 0);
      const auto batches = batches_of(spill);
      REQUIRE(batches.size() == 2);
      CHECK(batches[0].observations == std::vector<store::Observation>{store::an_observation()});
      CHECK(batches[1].name == "b");
      CHECK(spill.unreadable() == (length == second ? 0 : 1));
    }
  }
  SECTION("an octet that changed") {
    std::string changed = whole;
    ++changed[second / 2];
    write_file(path, changed);
    Spill spill = spill_at(path);
    const auto batches = batches_of(spill);
    REQUIRE(batches.size() == 1);
    CHECK(batches[0].observations ==
          std::vector<store::Observation>{store::an_observation("b.example.org")});
    CHECK(spill.unreadable() == 1);
  }
  SECTION("something else") {
    write_file(path,
               std::string(100'000, 'x') + "\n\n\n" + std::string(2'000'000, '\0') + "\n" + whole);
    Spill spill = spill_at(path, 10'000'000);
    REQUIRE(spill.next());
    CHECK(spill.unreadable() == 4);
    spill.go_back();  // what comes again is not counted again
    CHECK(batches_of(spill).size() == 1);
    CHECK(spill.unreadable() == 4);
    spill.clear();
    CHECK(spill.unreadable() == 0);
  }
}

TEST_CASE("a spill file does not grow beyond its limit", "[spill]") {
  const store::Folder folder;
  const std::string path = folder.file("spill");
  std::vector<store::Observation> many;
  for (int i = 0; i < 100; ++i) {
    many.push_back(store::an_observation("d" + std::to_string(i) + ".example.org"));
  }
  Spill spill = spill_at(path, 10'000);
  const std::uint64_t lost = spill.append({"a", many});
  CHECK(lost > 0);
  CHECK(lost < 100);
  CHECK(content_of(path).size() <= 10'000);
  const auto batches = batches_of(spill);
  REQUIRE(batches.size() == 1);
  CHECK(messages_in(batches[0].observations) == 100 - lost);
}

TEST_CASE("a spill file is one process's, and no device", "[spill]") {
  const store::Folder folder;
  const Spill mine = spill_at(folder.file("spill"));
  CHECK_FALSE(Spill::open(folder.file("spill"), 1'000));
  CHECK_FALSE(Spill::open(folder.file("none/spill"), 1'000));
  CHECK_FALSE(Spill::open("/dev/null", 1'000));
}

}  // namespace sekisho::report::recorder
