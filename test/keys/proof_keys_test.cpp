#include "keys/proof_keys.hpp"

#include "keys/key_folder.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <catch2/catch.hpp>

namespace sekisho::keys {

namespace {

constexpr const char* one = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
constexpr const char* other = "YWJjZGVmZ2hpamFiY2RlZmdoaWphYmNkZWZnaGlqYWI=";

std::string contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("a file of proof keys is read, the newest first", "[keys]") {
  const auto keys =
      ProofKeys::parse(std::string("# made today\n\n") + one + "\r\n" + other).value();
  REQUIRE(keys.all().size() == 2);
  CHECK(keys.newest().secret.view() == "01234567890123456789012345678901");
  CHECK(keys.newest().id.size() == 8);
  CHECK(keys.newest().id != keys.all().back().id);
  CHECK(keys.find(keys.all().back().id) == &keys.all().back());
  CHECK(keys.find("00000000") == nullptr);
}

TEST_CASE("what is no file of proof keys is refused, without quoting it", "[keys]") {
  std::string eleven;
  for (int i = 0; i < 11; ++i) {
    eleven += std::string(one) + "\n";
  }
  struct Row {
    const char* name;
    std::string text;
    const char* error;
  };
  const Row rows[] = {
      {"nothing", "", "holds no key"},
      {"comments alone", "# x\n", "holds no key"},
      {"too short", "MDEyMw==\n", "line 1 is not 32 octets in base64"},
      {"not base64", std::string(one) + "\nsecret!\n", "line 2 is not 32 octets in base64"},
      {"too many", eleven, "has more than 10 keys"},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      const auto keys = ProofKeys::parse(row.text);
      REQUIRE_FALSE(keys);
      CHECK(keys.error() == row.error);
    }
  }
  CHECK(ProofKeys::parse(eleven.substr(0, eleven.size() * 10 / 11)));
}

TEST_CASE("a key file is made for its owner alone, once", "[keys]") {
  const KeyFolder folder;
  const std::string path = folder.path("proof.key");
  REQUIRE(create_proof_key_file(path));
  CHECK(std::filesystem::status(path).permissions() == std::filesystem::perms{0600});
  const std::string first = contents(path);
  REQUIRE(create_proof_key_file(path));  // another process was faster
  CHECK(contents(path) == first);
  CHECK(ProofKeys::read(path).value().all().size() == 1);
  CHECK_FALSE(create_proof_key_file(folder.path("none/proof.key")));

  std::filesystem::permissions(path, std::filesystem::perms{0640});
  CHECK(ProofKeys::read(path).error().contains("chmod 600"));
}

TEST_CASE("a new key goes in front and two of the old ones stay", "[keys]") {
  const KeyFolder folder;
  const std::string path = folder.write("proof.key", std::string(one) + "\n" + other + "\n");
  REQUIRE(rotate_proof_key_file(path));
  REQUIRE(rotate_proof_key_file(path));
  const auto keys = ProofKeys::read(path).value();
  REQUIRE(keys.all().size() == 3);
  CHECK(keys.all().back().secret.view() == "01234567890123456789012345678901");
  CHECK(std::filesystem::status(path).permissions() == std::filesystem::perms{0600});
  CHECK(std::distance(
            std::filesystem::directory_iterator(std::filesystem::path(path).parent_path()), {}) ==
        2);  // no draft is left beside key.pem
}

}  // namespace sekisho::keys
