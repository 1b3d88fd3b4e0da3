// The secret keys of proofs: with them we tell our own earlier results from those that others wrote
// in our name.
#pragma once

#include "keys/secret_text.hpp"

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::keys {

/// Keys for HMAC-SHA-256 (RFC 2104). The first makes proofs, all are accepted, so that a new key
/// can be put in front of an old one whose proofs are still on their way. Not copied: the secrets
/// are wiped with the object.
class ProofKeys {
 public:
  struct Key {
    std::string id;     ///< Eight hexadecimal digits, derived from the secret: tells keys apart.
    SecretText secret;  ///< `secret_octets` octets.
  };

  static constexpr std::size_t secret_octets = 32;
  static constexpr std::size_t max_keys = 10;

  /// One key at random, known to this process alone.
  [[nodiscard]] static ProofKeys generate();
  /// From the text of a key file: one key a line in base64, the newest first; empty lines and lines
  /// that begin with "#" are passed over. The error says what is wrong, without quoting the text.
  [[nodiscard]] static std::expected<ProofKeys, std::string> parse(std::string_view text);
  /// Reads a key file, which nobody but its owner may have access to. The error names the file and
  /// says what to do.
  [[nodiscard]] static std::expected<ProofKeys, std::string> read(const std::string& path);

  /// There is always one.
  [[nodiscard]] const Key& newest() const { return keys_.front(); }
  /// Null: not one of these.
  [[nodiscard]] const Key* find(std::string_view id) const;
  [[nodiscard]] const std::vector<Key>& all() const { return keys_; }

 private:
  std::vector<Key> keys_;
};

/// Makes a key file with one new key, for its owner alone. One that another process makes at the
/// same time is left as it is. The error names the file.
[[nodiscard]] std::expected<void, std::string> create_proof_key_file(const std::string& path);

/// Puts a new key in front of those of an existing key file and keeps two of the older ones. The
/// file is replaced at once, and its owner stays. The error names the file.
[[nodiscard]] std::expected<void, std::string> rotate_proof_key_file(const std::string& path);

}  // namespace sekisho::keys
