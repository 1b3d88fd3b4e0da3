#include "keys/key_file.hpp"

#include "keys/key_folder.hpp"
#include "keys/secret_text.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>

#include <catch2/catch.hpp>

namespace sekisho::keys {
namespace {

using std::filesystem::perms;

TEST_CASE("a key file that others can open is refused", "[keys]") {
  const KeyFolder folder;
  struct Case {
    unsigned mode;
    bool allow_readable;
    bool is_taken;
  };
  const Case cases[] = {
      {0600, false, true},  {0400, false, true},  {0640, false, false},
      {0604, false, false}, {0620, false, false}, {0644, true, true},
  };
  for (const auto& [mode, allow_readable, is_taken] : cases) {
    DYNAMIC_SECTION("mode " << std::oct << mode << (allow_readable ? ", allowed" : "")) {
      const std::string path = folder.write("other.pem", folder.key.pem(), perms{mode});
      const auto key = read_key_file(path, allow_readable);
      CHECK(key.has_value() == is_taken);
      if (!key) {
        CHECK(key.error() == path + ": others than its owner have access; chmod 600 " + path);
      }
    }
  }
}

TEST_CASE("an error names the file and what is wrong with it", "[keys]") {
  const KeyFolder folder;
  const auto error_of = [&](const std::string& path) {
    const auto key = read_key_file(path, false);
    return key ? "none" : key.error().substr(path.size());
  };
  CHECK(error_of(folder.path("nothing.pem")) == ": No such file or directory");
  CHECK(error_of(folder.path("")) == ": is not a regular file");
  CHECK(error_of("/dev/null") == ": is not a regular file");
  CHECK(error_of(folder.write("empty.pem", "")) == ": no valid private key in PEM");
  CHECK(error_of(folder.write("large.pem", std::string(20'000, 'x'))) ==
        ": is larger than 16384 octets");
}

TEST_CASE("the version of a file changes when it is written with the time of before", "[keys]") {
  const KeyFolder folder;
  const std::string path = folder.write("a.pem", "one");
  const auto version = [&] { return look_at_file(path).value().version; };
  const std::string first = version();
  CHECK(version() == first);
  CHECK(std::ranges::count(first, '.') == 6);

  // The time of the change of status cannot be set; it is the last part.
  const auto written = std::filesystem::last_write_time(path);
  std::ofstream(path) << "more";
  std::filesystem::last_write_time(path, written);
  const auto without_last = [](std::string text) {
    text.pop_back();
    return text.substr(0, text.rfind('.'));
  };
  CHECK(without_last(version()) != without_last(first));
}

TEST_CASE("a weak key is told, and used", "[keys]") {
  using crypto::KeyType;
  using crypto::PrivateKey;
  CHECK(weakness_of(PrivateKey::generate(KeyType::rsa, 1024)) ==
        "an RSA key of 1024 bits is weak; make one of 2048");
  CHECK_FALSE(weakness_of(PrivateKey::generate(KeyType::rsa, 2048)));
  CHECK_FALSE(weakness_of(PrivateKey::generate(KeyType::ed25519)));
}

TEST_CASE("a file is read once, however many entries name it", "[keys]") {
  const KeyFolder folder;
  KeyFiles files({});
  const std::string path = folder.path("key.pem");
  REQUIRE(files.read(path));
  std::filesystem::remove(path);
  CHECK(files.read(path));
}

}  // namespace
}  // namespace sekisho::keys
