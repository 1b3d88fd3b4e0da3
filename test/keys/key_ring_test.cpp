#include "keys/key_ring.hpp"

#include "keys/key_file.hpp"
#include "keys/key_folder.hpp"
#include "keys/unread_keys.hpp"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include <unistd.h>

#include <catch2/catch.hpp>

namespace sekisho::keys {
namespace {

mail::Mailbox author(const std::string& domain) {
  return {"alice", domain, mail::Domain::parse(domain)};
}

std::string signers(const KeyRing& ring, const std::string& domain) {
  std::string text;
  for (const auto& [key, auid] : ring.find(author(domain))) {
    text += (text.empty() ? "" : " ") + key->domain.text() + "/" + key->selector;
  }
  return text;
}

TEST_CASE("the [[sign]] tables nearest to the author's domain sign", "[keys]") {
  const KeyFolder folder;
  const std::string key = folder.path("key.pem");
  Options options;
  options.entries = {
      {"Example.org", "rsa", key, ""},
      {"example.org", "ed", key, ""},
      {".example.org", "below", key, ""},
      {"*.deep.example.org", "deep", key, "example.org"},
      {"bücher.example", "idn", key, ""},
      {"*", "any", key, "mail.example"},
      {"news.example.org", "n", key, "bulk.example"},
  };
  std::vector<std::string> problems;
  const auto ring = KeyRing::load(options, problems);
  REQUIRE(ring);
  CHECK(problems.empty());

  CHECK(signers(**ring, "example.org") == "example.org/rsa example.org/ed");
  CHECK(signers(**ring, "EXAMPLE.ORG") == "example.org/rsa example.org/ed");
  CHECK(signers(**ring, "a.example.org") == "a.example.org/below");
  CHECK(signers(**ring, "a.b.example.org") == "a.b.example.org/below");
  CHECK(signers(**ring, "deep.example.org") == "deep.example.org/below");
  CHECK(signers(**ring, "a.deep.example.org") == "example.org/deep");
  CHECK(signers(**ring, "xn--bcher-kva.example") == "xn--bcher-kva.example/idn");
  CHECK(signers(**ring, "news.example.org") == "bulk.example/n");
  CHECK(signers(**ring, "example.net") == "mail.example/any");
  CHECK((*ring)->find({"alice", "[192.0.2.1]", std::nullopt}).empty());

  std::vector<std::string> names;
  for (const auto& known : (*ring)->keys()) {
    names.push_back(known->record_name());
  }
  std::ranges::sort(names);
  CHECK(names == std::vector<std::string>{
                     "any._domainkey.mail.example", "deep._domainkey.example.org",
                     "ed._domainkey.example.org", "idn._domainkey.xn--bcher-kva.example",
                     "n._domainkey.bulk.example", "rsa._domainkey.example.org"});
}

TEST_CASE("a [[sign]] table that cannot be used is an error", "[keys]") {
  const KeyFolder folder;
  const std::string key = folder.path("key.pem");
  struct Case {
    SignEntry entry;
    std::string error;
  };
  const Case cases[] = {
      {{"", "s", key, ""}, "the domain is no domain name, nor one with \".\" or \"*.\" before it"},
      {{"a..b", "s", key, ""},
       "the domain is no domain name, nor one with \".\" or \"*.\" before it"},
      {{"example.org", "", key, ""}, "the selector is no name of labels"},
      {{"example.org", "a b", key, ""}, "the selector is no name of labels"},
      {{"example.org", "s.", key, ""}, "the selector is no name of labels"},
      {{"example.org", "b\u00fccher", key, ""}, "the selector is no name of labels"},
      {{"example.org", "s", "", ""}, "key_file is wanted"},
      {{"example.org", "s", key, "x y"}, "the signing_domain is no domain name"},
      {{"example.org", "s", "/nonexistent", ""}, "/nonexistent: No such file or directory"},
  };
  for (const auto& [entry, error] : cases) {
    DYNAMIC_SECTION(entry.domain << "," << entry.selector << "," << error) {
      Options options;
      options.entries = {entry, {"example.net", "s", key, ""}};
      std::vector<std::string> problems;
      const auto ring = KeyRing::load(options, problems);
      REQUIRE_FALSE(ring);
      CHECK(ring.error() == "[[sign]] domain = \"" + entry.domain + "\", selector = \"" +
                                entry.selector + "\": " + error);
    }
  }
}

TEST_CASE("the tables of OpenDKIM sign beside the [[sign]] tables", "[keys]") {
  const KeyFolder folder;
  const std::string key = folder.path("key.pem");
  Options options;
  options.entries = {{"example.org", "ed", key, ""}};
  options.key_table = "csl:k1=example.org:s1:" + key + ",k2=example.org:ed:" + key;
  options.multiple_signatures = true;
  options.signing_table = "csl:alice@example.org=k1,example.org=k2,example.net=k1";
  std::vector<std::string> problems;
  const auto ring = KeyRing::load(options, problems);
  REQUIRE(ring);
  CHECK(problems.empty());
  CHECK(signers(**ring, "example.org") == "example.org/ed example.org/s1");
  CHECK(signers(**ring, "example.net") == "example.org/s1");
  CHECK(signers(**ring, "example.com").empty());
  CHECK((*ring)->keys().size() == 2);
}

TEST_CASE("one key makes a signature for each identity, and none twice", "[keys]") {
  const KeyFolder folder;
  Options options;
  options.entries = {{"example.org", "s1", folder.path("key.pem"), ""}};
  options.key_table = "csl:k1=example.org:s1:" + folder.path("key.pem");
  options.signing_table =
      "csl:alice@example.org=k1:first@example.org,example.org=k1:second@example.org,"
      "alice@*=k1:first@example.org,*=k1";
  options.multiple_signatures = true;
  std::vector<std::string> problems;
  const auto ring = KeyRing::load(options, problems);
  REQUIRE(ring);
  CHECK(problems.empty());
  std::vector<std::string> identities;
  for (const auto& [key, auid] : (*ring)->find(author("example.org"))) {
    CHECK(key->record_name() == "s1._domainkey.example.org");
    identities.push_back(auid);
  }
  CHECK(identities == std::vector<std::string>{"", "first@example.org", "second@example.org"});
  CHECK((*ring)->keys().size() == 1);
}

TEST_CASE("many key files are read when they are needed", "[keys]") {
  const KeyFolder folder;
  Options options;
  for (std::size_t i = 0; i < max_files_read_at_once + 3; ++i) {
    const std::string number = std::to_string(i);
    options.entries.push_back({"d" + number + ".example", "s",
                               folder.write("k" + number + ".pem", folder.key.pem()), ""});
  }
  const std::string late = std::to_string(max_files_read_at_once);
  std::vector<std::string> problems;
  const auto is_read = [](const KeyRing& ring, const std::string& domain) {
    return ring.find(author(domain)).front().key->key.is_read();
  };
  SECTION("the first at once, the others when they sign") {
    const auto ring = KeyRing::load(options, problems);
    REQUIRE(ring);
    CHECK((*ring)->keys().size() == max_files_read_at_once + 3);
    CHECK(is_read(**ring, "d0.example"));
    CHECK_FALSE(is_read(**ring, "d" + late + ".example"));
    const auto key = (*ring)->find(author("d" + late + ".example")).front().key;
    CHECK(key->key.public_data() == folder.key.public_data());
    CHECK(is_read(**ring, "d" + late + ".example"));
  }
  SECTION("all at once where that is wanted") {
    options.read_all_at_once = true;
    CHECK(is_read(**KeyRing::load(options, problems), "d" + late + ".example"));
  }
  SECTION("all at once where they are not the later user's") {
    options.later_user = getuid() + 1;
    CHECK(is_read(**KeyRing::load(options, problems), "d" + late + ".example"));
  }
  SECTION("one that is not there, or open to others, is told at once") {
    std::filesystem::remove(folder.path("k" + late + ".pem"));
    folder.write("k" + std::to_string(max_files_read_at_once + 1) + ".pem", folder.key.pem(),
                 std::filesystem::perms{0644});
    const auto ring = KeyRing::load(options, problems);
    REQUIRE_FALSE(ring);
    CHECK_THAT(ring.error(), Catch::Contains("No such file or directory") &&
                                 Catch::Contains("others than its owner have access"));
  }
  SECTION("one that is no key is told when it is read, and can be mended") {
    const std::string file = folder.write("k" + late + ".pem", "no key\n");
    const auto ring = KeyRing::load(options, problems);
    REQUIRE(ring);
    const auto key = (*ring)->find(author("d" + late + ".example")).front().key;
    CHECK(read_unread_keys((*ring)->keys(), [] { return false; }).problems ==
          std::vector<std::string>{"s._domainkey.d" + late + ".example: " + file +
                                   ": no valid private key in PEM"});
    CHECK_THROWS_WITH(key->key.public_data(), file + ": no valid private key in PEM");
    folder.write("k" + late + ".pem", folder.key.pem());
    CHECK(key->key.public_data() == folder.key.public_data());
  }
}

TEST_CASE("keys for the author's own domain are foreseen where a table names it", "[keys]") {
  const KeyFolder folder;
  Options options;
  options.key_table = "csl:k=%:s1:" + folder.path("key.pem");
  options.signing_table =
      "refile:" + folder.write("authors", "*@example.org k\nbob@example.net k\n*@*.example k\n");
  std::vector<std::string> problems;
  const auto ring = KeyRing::load(options, problems);
  REQUIRE(ring);
  REQUIRE((*ring)->keys().size() == 2);
  CHECK((*ring)->keys()[0]->record_name() == "s1._domainkey.example.net");
  CHECK((*ring)->keys()[1]->record_name() == "s1._domainkey.example.org");
  CHECK((*ring)->find(author("example.org")).front().key == (*ring)->keys()[1]);
  CHECK(signers(**ring, "any.example") == "any.example/s1");
}

TEST_CASE("tables of which nothing can be used are an error", "[keys]") {
  const KeyFolder folder;
  const std::string keys = "csl:k=example.org:s1:" + folder.path("key.pem");
  struct Case {
    std::string key_table;
    std::string signing_table;
    std::string error;
  };
  const Case cases[] = {
      {keys, "", "key_table and signing_table need each other"},
      {"", "csl:*=k", "key_table and signing_table need each other"},
      {"file:/nonexistent", "csl:*=k", "key_table: /nonexistent: No such file or directory"},
      {keys, "/nonexistent", "signing_table: /nonexistent: No such file or directory"},
      {keys, "csl:*=x",
       "signing_table: no line of it can be used\ncsl:1: there is no key x in the KeyTable"},
  };
  for (const auto& [key_table, signing_table, error] : cases) {
    DYNAMIC_SECTION(signing_table << " " << error) {
      Options options;
      options.key_table = key_table;
      options.signing_table = signing_table;
      std::vector<std::string> problems;
      CHECK(KeyRing::load(options, problems).error() == error);
    }
  }
}

TEST_CASE("two keys under one name are told, and so is a weak key", "[keys]") {
  const KeyFolder folder;
  const auto weak = crypto::PrivateKey::generate(crypto::KeyType::rsa, 1024);
  Options options;
  options.entries = {{"example.org", "s", folder.write("weak.pem", weak.pem()), ""},
                     {"example.net", "s", folder.path("key.pem"), "example.org"}};
  std::vector<std::string> problems;
  REQUIRE(KeyRing::load(options, problems));
  CHECK(problems ==
        std::vector<std::string>{
            "s._domainkey.example.org: two different keys are to sign under this name",
            "s._domainkey.example.org: an RSA key of 1024 bits is weak; make one of 2048"});
}

TEST_CASE("a ring without entries signs nothing", "[keys]") {
  std::vector<std::string> problems;
  const auto ring = KeyRing::load({}, problems);
  REQUIRE(ring);
  CHECK(signers(**ring, "example.org").empty());
  CHECK((*ring)->keys().empty());
}

}  // namespace
}  // namespace sekisho::keys
