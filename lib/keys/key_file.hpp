// Private keys in files: who else can read them, how strong they are, each read once.
#pragma once

#include "crypto/private_key.hpp"

#include <expected>
#include <map>
#include <optional>
#include <string>

namespace sekisho::keys {

/// Reads a PEM file. One that group or others can open is refused unless `allow_readable`, and so
/// is what crypto::PrivateKey refuses. The error names the file and says what to do.
[[nodiscard]] std::expected<crypto::PrivateKey, std::string> read_key_file(const std::string& path,
                                                                           bool allow_readable);

/// What speaks against a key that can be used: RSA under 2048 bits (RFC 8301 §3.2).
[[nodiscard]] std::optional<std::string> weakness_of(const crypto::PrivateKey& key);

/// Files already read: who names the same path gets the same key, or the same error.
class KeyFiles {
 public:
  explicit KeyFiles(bool allow_readable) : allow_readable_(allow_readable) {}

  [[nodiscard]] const std::expected<crypto::PrivateKey, std::string>& read(const std::string& path);

 private:
  bool allow_readable_;
  std::map<std::string, std::expected<crypto::PrivateKey, std::string>> read_;
};

}  // namespace sekisho::keys
