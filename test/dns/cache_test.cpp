#include "dns/cache.hpp"

#include "dns/records.hpp"

#include <string>

#include <catch2/catch.hpp>

namespace sekisho::dns {
namespace {

using namespace std::chrono_literals;

const Cache::Limits limits{
    .entries = 100, .min_ttl = 5s, .max_ttl = 3600s, .max_negative_ttl = 900s};
const Cache::Time start{};
const Question question{"example.org", RecordType::txt};

Answer text_answer(std::chrono::seconds ttl, std::size_t size = 1) {
  Answer answer = Answer::found({Text{std::string(size, 'x')}});
  answer.ttl = ttl;
  return answer;
}

Answer no_answer(Status status, std::chrono::seconds ttl) {
  Answer answer = Answer::failed(status);
  answer.ttl = ttl;
  return answer;
}

TEST_CASE("an answer is kept for its TTL between a floor and a ceiling", "[dns]") {
  struct Case {
    const char* what;
    Answer answer;
    std::chrono::seconds kept;
  };
  const Case cases[] = {
      {"as it says", text_answer(60s), 60s},
      {"the floor", text_answer(0s), 5s},
      {"the ceiling", text_answer(86400s), 3600s},
      {"no such name", no_answer(Status::no_such_name, 60s), 60s},  // RFC 2308 §5
      {"no data", no_answer(Status::no_data, 60s), 60s},
      {"the negative ceiling", no_answer(Status::no_data, 86400s), 900s},
      {"negative without an SOA", no_answer(Status::no_such_name, 0s), 0s},
      {"server failure", no_answer(Status::server_failure, 60s), 0s},  // RFC 2308 §7
      {"refused", no_answer(Status::refused, 60s), 0s},
      {"time-out", no_answer(Status::timeout, 60s), 0s},
      {"malformed", no_answer(Status::malformed, 60s), 0s},
  };
  for (const auto& [what, answer, kept] : cases) {
    DYNAMIC_SECTION(what) {
      Cache cache(limits);
      cache.store(question, answer, start);
      if (kept.count() > 0) {
        const auto found = cache.find(question, start + kept - 1ms);
        REQUIRE(found);
        CHECK(found->status == answer.status);
      }
      CHECK_FALSE(cache.find(question, start + kept));
      CHECK(cache.size() == 0);
    }
  }
}

TEST_CASE("the cache tells names and types apart", "[dns]") {
  Cache cache(limits);
  cache.store(question, text_answer(60s), start);
  CHECK_FALSE(cache.find({"example.org", RecordType::a}, start));
  CHECK_FALSE(cache.find({"example.com", RecordType::txt}, start));
}

TEST_CASE("a newer answer replaces the older", "[dns]") {
  Cache cache(limits);
  cache.store(question, text_answer(60s), start);
  cache.store(question, no_answer(Status::no_data, 60s), start);
  CHECK(cache.find(question, start)->status == Status::no_data);
  CHECK(cache.size() == 1);
}

TEST_CASE("a full cache forgets what was not used for longest", "[dns]") {
  Cache cache(limits);
  const auto name = [](int i) { return Question{"n" + std::to_string(i), RecordType::txt}; };
  for (int i = 0; i < 100; ++i) {
    cache.store(name(i), text_answer(60s), start);
  }
  CHECK(cache.find(name(0), start));
  for (int i = 100; i < 150; ++i) {
    cache.store(name(i), text_answer(60s), start);
  }
  CHECK(cache.size() == 100);
  CHECK(cache.find(name(0), start));
  CHECK_FALSE(cache.find(name(1), start));
  CHECK_FALSE(cache.find(name(50), start));
  CHECK(cache.find(name(51), start));
}

TEST_CASE("large answers take the place of several", "[dns]") {
  Cache cache(limits);
  for (int i = 0; i < 100; ++i) {
    cache.store({std::to_string(i), RecordType::txt}, text_answer(60s), start);
  }
  cache.store(question, text_answer(60s, 20'000), start);
  CHECK(cache.find(question, start));
  CHECK(cache.size() == 61);
  cache.store({"huge", RecordType::txt}, text_answer(60s, 65'000), start);
  CHECK_FALSE(cache.find({"huge", RecordType::txt}, start));  // more than all of it
}

TEST_CASE("a cache that is cleared has all its room again", "[dns]") {
  Cache cache(limits);
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 100; ++i) {
      cache.store({std::to_string(i), RecordType::txt}, text_answer(60s), start);
    }
    CHECK(cache.size() == 100);
    cache.clear();
    CHECK(cache.size() == 0);
    CHECK_FALSE(cache.find({"1", RecordType::txt}, start));
  }
}

TEST_CASE("a cache of no entries keeps nothing", "[dns]") {
  Cache cache({.entries = 0, .min_ttl = 5s, .max_ttl = 3600s, .max_negative_ttl = 900s});
  cache.store(question, text_answer(60s), start);
  CHECK_FALSE(cache.find(question, start));
}

}  // namespace
}  // namespace sekisho::dns
