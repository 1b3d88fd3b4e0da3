#include "keys/publication_board.hpp"

#include "support/fake_resolver.hpp"

#include <expected>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::keys {
namespace {

constexpr const char* record_name = "s._domainkey.example.org";

dkim::SigningKeyPtr new_key(const std::string& selector = "s") {
  return std::make_shared<const dkim::SigningKey>(
      *mail::Domain::parse("example.org"), selector,
      crypto::PrivateKey::generate(crypto::KeyType::ed25519));
}

// The DNS as it is in one round.
using Zone = std::shared_ptr<test::FakeResolver>;
Zone empty_zone() {
  return std::make_shared<test::FakeResolver>();
}
Zone zone_with(const dkim::SigningKeyPtr& key) {
  Zone zone = empty_zone();
  zone->add_txt(key->record_name(), format_key_record(key->key));
  return zone;
}
Zone broken_zone() {
  Zone zone = empty_zone();
  zone->fail(record_name, dns::Status::timeout);
  return zone;
}

std::string round(PublicationBoard& board, const Zone& zone) {
  std::string text;
  for (const PublicationChange& change : board.check_all(test::lookups_on(zone))) {
    text += change.record_name + " " + std::string(format_publication_state(change.before)) + ">" +
            std::string(format_publication_state(change.now)) + " ";
  }
  return text;
}

TEST_CASE("a key that the DNS never showed does not sign", "[keys]") {
  PublicationBoard board;
  const auto key = new_key();
  board.enroll({key});
  CHECK(round(board, empty_zone()) == "s._domainkey.example.org unknown>missing ");
  CHECK(board.use(key, true) == Use::withhold);
  CHECK(board.use(key, false) == Use::sign);
  CHECK(round(board, empty_zone()).empty());

  SECTION("until it does") {
    CHECK(round(board, zone_with(key)) == "s._domainkey.example.org missing>published ");
    CHECK(board.use(key, true) == Use::sign);
  }
  SECTION("and an answer that fails changes nothing") {
    CHECK(round(board, broken_zone()).empty());
    CHECK(board.use(key, true) == Use::withhold);
  }
}

TEST_CASE("a key that was published signs on, with a warning", "[keys]") {
  PublicationBoard board;
  const auto key = new_key();
  board.enroll({key});
  CHECK(round(board, zone_with(key)) == "s._domainkey.example.org unknown>published ");
  CHECK(board.use(key, true) == Use::sign);
  CHECK(round(board, broken_zone()).empty());
  CHECK(board.use(key, true) == Use::sign);

  const Zone other = empty_zone();
  other->add_txt(record_name, "v=DKIM1; p=");
  CHECK(round(board, other) == "s._domainkey.example.org published>mismatch ");
  CHECK(board.use(key, true) == Use::sign_with_warning);
  CHECK(board.counts() == std::map<PublicationState, std::size_t>{{PublicationState::mismatch, 1}});
}

TEST_CASE("while the DNS does not answer a key signs", "[keys]") {
  PublicationBoard board;
  const auto key = new_key();
  board.enroll({key});
  CHECK(board.use(key, true) == Use::sign);
  CHECK(board.has_unchecked());
  CHECK(round(board, broken_zone()) == "s._domainkey.example.org unknown>unknown ");
  CHECK_FALSE(board.has_unchecked());
  CHECK(board.use(key, true) == Use::sign);
  CHECK(round(board, broken_zone()).empty());
  CHECK(round(board, empty_zone()) == "s._domainkey.example.org unknown>missing ");
  CHECK(board.use(key, true) == Use::withhold);
}

TEST_CASE("a reload keeps what is known of a key, and of no other", "[keys]") {
  PublicationBoard board;
  const auto key = new_key();
  board.enroll({key});
  round(board, zone_with(key));

  SECTION("the same key, read again") {
    const auto again = std::make_shared<const dkim::SigningKey>(*key);
    board.enroll({again, new_key("other")});
    CHECK(round(board, empty_zone()) ==
          "other._domainkey.example.org unknown>missing s._domainkey.example.org "
          "published>missing ");
    CHECK(board.use(again, true) == Use::sign_with_warning);
  }
  SECTION("another key under the same name") {
    const auto other = new_key();
    board.enroll({other});
    CHECK(round(board, zone_with(key)) == "s._domainkey.example.org unknown>mismatch ");
    CHECK(board.use(other, true) == Use::withhold);
  }
  SECTION("the same key for two purposes, to sign and to seal") {
    const auto seal = std::make_shared<const dkim::SigningKey>(*key);
    board.enroll({key, seal});
    board.enroll({key, seal, key});
    CHECK(board.size() == 1);
    CHECK(round(board, empty_zone()) == "s._domainkey.example.org published>missing ");
    CHECK(board.use(seal, true) == Use::sign_with_warning);
  }
  SECTION("the same key and another one under its name: the first counts") {
    board.enroll({key, new_key()});
    CHECK(round(board, zone_with(key)).empty());
    board.enroll({new_key(), key});
    CHECK(round(board, zone_with(key)) == "s._domainkey.example.org unknown>mismatch ");
  }
  SECTION("no key") {
    board.enroll({});
    CHECK(board.size() == 0);
  }
}

TEST_CASE("keys are asked for a few hundred at a time, while the DNS answers", "[keys]") {
  PublicationBoard board;
  const auto key = new_key();
  std::vector<dkim::SigningKeyPtr> keys;
  for (int i = 0; i < 1'000; ++i) {
    keys.push_back(
        std::make_shared<const dkim::SigningKey>(key->domain, "s" + std::to_string(i), key->key));
  }
  board.enroll(keys);
  const auto ask_all = [&board](const Zone& zone) {
    const dns::Lookups lookups(zone, {.deadline = {}, .limit = 1'000});
    return board.check_all(lookups).size();
  };
  SECTION("all of them") {
    const Zone zone = empty_zone();
    CHECK(ask_all(zone) == 1'000);
    CHECK(zone->asked().size() == 1'000);
    CHECK_FALSE(board.has_unchecked());
  }
  SECTION("until somebody says stop") {
    const Zone zone = empty_zone();
    const dns::Lookups lookups(zone, {.deadline = {}, .limit = 1'000});
    const auto stop = [&zone] { return !zone->asked().empty(); };
    const std::size_t some = board.check_all(lookups, std::chrono::seconds(10), stop).size();
    CHECK(some > 0);
    CHECK(some < 1'000);
    CHECK(board.has_unchecked());
    CHECK(board.check_all(lookups, std::chrono::seconds(10), [] { return true; }).empty());
    CHECK(ask_all(empty_zone()) == 1'000 - some);
    CHECK_FALSE(board.has_unchecked());
  }
  SECTION("rounds that end early go through all of them again, in turn") {
    CHECK(ask_all(empty_zone()) == 1'000);
    std::set<std::string> asked;
    for (int round = 0; round < 4; ++round) {
      board.enroll(keys);  // as a reload does
      const Zone zone = empty_zone();
      const dns::Lookups lookups(zone, {.deadline = {}, .limit = 1'000});
      board.check_all(lookups, std::chrono::seconds(10), [&] { return !zone->asked().empty(); });
      for (const dns::Question& question : zone->asked()) {
        asked.insert(question.name);
      }
    }
    CHECK(asked.size() == 1'000);
  }
  SECTION("no further where nothing is answered") {
    const Zone zone = empty_zone();
    for (const auto& one : keys) {
      zone->fail(one->record_name(), dns::Status::timeout);
    }
    CHECK(ask_all(zone) < 1'000);
    CHECK(board.has_unchecked());
    CHECK(ask_all(empty_zone()) == 1'000);
  }
}

TEST_CASE("a key whose file cannot be read is not known to be published", "[keys]") {
  PublicationBoard board;
  const auto key = std::make_shared<const dkim::SigningKey>(
      *mail::Domain::parse("example.org"), "s",
      crypto::PrivateKey::deferred("file", []() -> std::expected<crypto::PrivateKey, std::string> {
        return std::unexpected("no such file");
      }));
  board.enroll({key});
  CHECK(round(board, zone_with(new_key())) == "s._domainkey.example.org unknown>unknown ");
}

TEST_CASE("a key that was not foreseen is enrolled by its use", "[keys]") {
  PublicationBoard board;
  const auto key = new_key();
  CHECK(board.use(key, true) == Use::sign);
  CHECK(board.size() == 1);
  CHECK(board.has_unchecked());
  round(board, empty_zone());
  CHECK(board.use(key, true) == Use::withhold);
}

}  // namespace
}  // namespace sekisho::keys
