#include "dkim/key_record_cache.hpp"

#include "crypto/private_key.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::dkim {
namespace {

std::string new_record() {
  const auto key = crypto::PrivateKey::generate(crypto::KeyType::ed25519);
  return "k=ed25519; p=" + crypto::encode_base64(key.public_data());
}

}  // namespace

TEST_CASE("key cache: a record reads the same again", "[dkim]") {
  KeyRecordCache cache(8192);
  const std::string text = new_record() + "; t=y:s; h=sha256";
  for (int time = 0; time < 3; ++time) {
    const auto record = cache.read(text);
    REQUIRE(record);
    CHECK(record->key.type() == crypto::KeyType::ed25519);
    CHECK(record->is_testing);
    CHECK(record->forbids_subdomains);
    CHECK(cache.size() == 1);
  }
  CHECK_FALSE(cache.read(new_record() + "; t=s")->is_testing);  // a text of its own
}

TEST_CASE("key cache: what cannot serve takes no room", "[dkim]") {
  KeyRecordCache cache(8192);
  for (const char* text : {"", "p=", "v=DKIM2; p=AAAA", "k=ed25519; p=AAAA", "p=%%%"}) {
    CHECK(cache.read(text).error() == parse_key_record(text, 8192).error());
  }
  CHECK(cache.size() == 0);
}

TEST_CASE("key cache: a flood of keys does not let it grow", "[dkim]") {
  KeyRecordCache cache(8192, 10);
  const std::string in_use = new_record();
  for (int i = 0; i < 50; ++i) {
    CHECK(cache.read(in_use));
    CHECK(cache.read(new_record()));
    CHECK(cache.size() <= 10);
  }
}

TEST_CASE("key cache: a record of great length is read and not kept", "[dkim]") {
  KeyRecordCache cache(8192);
  CHECK(cache.read(new_record() + "; n=" + std::string(2'000, 'x')));
  CHECK(cache.size() == 0);
}

TEST_CASE("key cache: a limit of one, or of none, is kept too", "[dkim]") {
  for (const std::size_t capacity : {0U, 1U}) {
    KeyRecordCache cache(8192, capacity);
    for (int i = 0; i < 5; ++i) {
      CHECK(cache.read(new_record()));
      CHECK(cache.size() <= 2);
    }
  }
}

}  // namespace sekisho::dkim
