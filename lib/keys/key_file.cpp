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

const std::expected<crypto::PrivateKey, std::string>& KeyFiles::read(const std::string& path) {
  auto found = read_.find(path);
  if (found == read_.end()) {
    found = read_.emplace(path, read_key_file(path, allow_readable_)).first;
  }
  return found->second;
}

}  // namespace sekisho::keys
