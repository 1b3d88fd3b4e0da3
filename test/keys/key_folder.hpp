// A folder of files for one test, with a private key in it.
#pragma once

#include "crypto/private_key.hpp"

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

#include <stdlib.h>  // NOLINT(modernize-deprecated-headers): mkdtemp

namespace sekisho::keys {

class KeyFolder {
 public:
  KeyFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "sekisho-keys-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) {
      throw std::runtime_error("no folder for the test");
    }
    folder_ = name;
    write("key.pem", key.pem());
  }
  KeyFolder(const KeyFolder&) = delete;
  KeyFolder(KeyFolder&&) = delete;
  KeyFolder& operator=(const KeyFolder&) = delete;
  KeyFolder& operator=(KeyFolder&&) = delete;
  ~KeyFolder() { std::filesystem::remove_all(folder_); }

  [[nodiscard]] std::string path(std::string_view name) const { return (folder_ / name).string(); }

  /// With the mode of a key, unless another is given.
  std::string write(std::string_view name, std::string_view text,
                    std::filesystem::perms mode = std::filesystem::perms{0600}) const {
    const std::filesystem::path file = folder_ / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
    std::filesystem::permissions(file, mode);
    return file.string();
  }

  const crypto::PrivateKey key = crypto::PrivateKey::generate(crypto::KeyType::ed25519);

 private:
  std::filesystem::path folder_;
};

}  // namespace sekisho::keys
