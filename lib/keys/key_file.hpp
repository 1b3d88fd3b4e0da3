// Private keys in files: who else can read them, how strong they are, each read once.
#pragma once

#include "crypto/private_key.hpp"

#include <cstddef>
#include <expected>
#include <map>
#include <optional>
#include <string>

#include <sys/types.h>

namespace sekisho::keys {

/// Reads a PEM file. One that group or others can open is refused unless `allow_readable`, and so
/// is what crypto::PrivateKey refuses. The error names the file and says what to do.
[[nodiscard]] std::expected<crypto::PrivateKey, std::string> read_key_file(const std::string& path,
                                                                           bool allow_readable);

/// What speaks against a key that can be used: RSA under 2048 bits (RFC 8301 §3.2).
[[nodiscard]] std::optional<std::string> weakness_of(const crypto::PrivateKey& key);

/// So many key files are read where they are named, further ones when their keys are first needed:
/// thousands would take longer than anybody waits for a start.
inline constexpr std::size_t max_files_read_at_once = 100;

/// How key files are read.
struct Reading {
  bool allow_readable = false;  ///< Also those that others than their owner have access to.
  bool all_at_once = false;     ///< However many there are.
  /// Who this process is going to be: what belongs to anybody else is read at once.
  std::optional<uid_t> later_user;
};

/// Files already read: who names the same path gets the same key, or the same error. A file that is
/// left for later is known to be there and to be nobody else's.
class KeyFiles {
 public:
  explicit KeyFiles(const Reading& reading) : reading_(reading) {}

  [[nodiscard]] const std::expected<crypto::PrivateKey, std::string>& read(const std::string& path);

 private:
  using Read = std::expected<crypto::PrivateKey, std::string>;
  [[nodiscard]] Read read_or_defer(const std::string& path) const;

  Reading reading_;
  std::map<std::string, Read> read_;
};

}  // namespace sekisho::keys
