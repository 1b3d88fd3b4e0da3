#include "keys/key_file.hpp"

#include "keys/secret_text.hpp"

#include <cstddef>

namespace sekisho::keys {

namespace {

constexpr std::size_t advised_rsa_bits = 2048;

}  // namespace

std::expected<crypto::PrivateKey, std::string> read_key_file(const std::string& path,
                                                             bool allow_readable) {
  const auto file = read_text_file(path, crypto::PrivateKey::max_octets);
  if (!file) {
    return std::unexpected(path + ": " + file.error());
  }
  if (!file->is_private && !allow_readable) {
    return std::unexpected(path + ": others than its owner have access; chmod 600 " + path);
  }
  auto key = crypto::PrivateKey::parse_pem(file->text.view());
  if (!key) {
    const bool is_malformed = key.error() == crypto::PrivateKeyError::malformed;
    return std::unexpected(path + ": " + std::string(format_private_key_error(key.error())) +
                           (is_malformed ? " in PEM" : ""));
  }
  return *std::move(key);
}

std::optional<std::string> weakness_of(const crypto::PrivateKey& key) {
  if (key.type() != crypto::KeyType::rsa || key.bits() >= advised_rsa_bits) {
    return std::nullopt;
  }
  return "an RSA key of " + std::to_string(key.bits()) + " bits is weak; make one of 2048";
}

// One that cannot be opened, or not by the later user, is left to read_key_file() and its words.
KeyFiles::Read KeyFiles::read_or_defer(const std::string& path) const {
  const bool allow_readable = reading_.allow_readable;
  const auto file = look_at_file(path);
  const bool is_good = file && file->is_regular && (file->is_private || allow_readable) &&
                       (!reading_.later_user || *reading_.later_user == file->owner);
  if (reading_.all_at_once || read_.size() < max_files_read_at_once || !is_good) {
    return read_key_file(path, allow_readable);
  }
  return crypto::PrivateKey::deferred(path + " " + file->version, [path, allow_readable] {
    return read_key_file(path, allow_readable);
  });
}

const std::expected<crypto::PrivateKey, std::string>& KeyFiles::read(const std::string& path) {
  auto found = read_.find(path);
  if (found == read_.end()) {
    found = read_.emplace(path, read_or_defer(path)).first;
  }
  return found->second;
}

}  // namespace sekisho::keys
