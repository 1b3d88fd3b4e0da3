#include "keys/publication.hpp"

#include "crypto/base64.hpp"
#include "support/fake_resolver.hpp"

#include <string_view>
#include <utility>

#include <catch2/catch.hpp>

namespace sekisho::keys {
namespace {

using crypto::KeyType;
using crypto::PrivateKey;

dkim::SigningKeyPtr key_of(KeyType type) {
  return std::make_shared<const dkim::SigningKey>(*mail::Domain::parse("example.org"), "s",
                                                  PrivateKey::generate(type, 1024));
}

std::string shown(const Publication& publication) {
  return std::string(format_publication_state(publication.state)) + ": " + publication.reason;
}

TEST_CASE("a key's record publishes it", "[keys]") {
  for (const KeyType type : {KeyType::rsa, KeyType::ed25519}) {
    DYNAMIC_SECTION((type == KeyType::rsa ? "rsa" : "ed25519")) {
      const auto key = key_of(type);
      const auto resolver = std::make_shared<test::FakeResolver>();
      resolver->add_txt("s._domainkey.example.org", format_key_record(key->key));
      CHECK(shown(check_publication(test::lookups_on(resolver), key).get()) == "published: ");
    }
  }
}

TEST_CASE("what the DNS shows is judged as a verifier would", "[keys]") {
  const auto key = key_of(KeyType::ed25519);
  const std::string ours = crypto::encode_base64(key->key.public_data());
  const std::string other =
      crypto::encode_base64(PrivateKey::generate(KeyType::ed25519).public_data());
  // Names of sections must not change from one run to the next.
  const auto with_keys = [&](std::string record) {
    for (const auto& [name, data] : {std::pair{"OURS", ours}, std::pair{"OTHER", other}}) {
      if (const std::size_t at = record.find(name); at != std::string::npos) {
        record.replace(at, std::string_view(name).size(), data);
      }
    }
    return record;
  };
  struct Case {
    std::string record;
    std::string expected;
  };
  const Case cases[] = {
      {"k=ed25519; p=OURS", "published: "},
      {"v=DKIM1; k=ed25519; h=sha256:sha1; s=email; p=OURS", "published: "},
      {"v=DKIM1; k=ed25519; t=y:s; p=OURS",
       "published: in test mode (t=y): verifiers may treat the mail as unsigned"},
      {"v=DKIM1; k=ed25519; p=OTHER", "mismatch: the record holds another key"},
      {"v=DKIM1; k=rsa; p=OURS", "mismatch: key record holds no valid key"},
      {"v=DKIM1; p=", "mismatch: key revoked"},
      {"v=DKIM1; k=ed25519; h=sha1; p=OURS", "mismatch: the record does not allow SHA-256 (h=)"},
      {"v=DKIM1; k=ed25519; s=tlsrpt; p=OURS", "mismatch: key is not for e-mail"},
      {"v=spf1 -all", "mismatch: key record is not of version DKIM1"},
  };
  for (const auto& [record, expected] : cases) {
    DYNAMIC_SECTION(record) {
      const auto resolver = std::make_shared<test::FakeResolver>();
      resolver->add_txt("s._domainkey.example.org", with_keys(record));
      const Publication publication = check_publication(test::lookups_on(resolver), key).get();
      CHECK(shown(publication) == expected);
      CHECK(publication.is_revoked == record.ends_with("p="));
      CHECK(publication.is_testing == record.contains("t=y"));
      CHECK(publication.forbids_subdomains == record.contains(":s;"));
    }
  }
}

TEST_CASE("an absent record is told from an answer that failed", "[keys]") {
  const auto key = key_of(KeyType::ed25519);
  const auto resolver = std::make_shared<test::FakeResolver>();
  SECTION("no such name") {
    CHECK(shown(check_publication(test::lookups_on(resolver), key).get()) ==
          "missing: there is no record");
  }
  SECTION("no record of the type") {
    resolver->add_address("s._domainkey.example.org", "192.0.2.1");
    CHECK(shown(check_publication(test::lookups_on(resolver), key).get()) ==
          "missing: there is no record");
  }
  SECTION("no answer") {
    resolver->fail("s._domainkey.example.org", dns::Status::server_failure);
    CHECK(shown(check_publication(test::lookups_on(resolver), key).get()) ==
          "unknown: the look-up failed: server failure");
  }
}

// RFC 6376 §3.6.2.2 leaves several records undefined.
TEST_CASE("of several records one that fits is enough, and a warning", "[keys]") {
  const auto key = key_of(KeyType::ed25519);
  const auto resolver = std::make_shared<test::FakeResolver>();
  resolver->add_txt("s._domainkey.example.org", "v=DKIM1; p=");
  resolver->add_txt("s._domainkey.example.org", format_key_record(key->key));
  CHECK(shown(check_publication(test::lookups_on(resolver), key).get()) ==
        "published: 2 records at this name: verifiers may take any one of them");
}

}  // namespace
}  // namespace sekisho::keys
