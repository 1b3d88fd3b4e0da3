#include "crypto/hmac.hpp"

#include "crypto/openssl.hpp"

#include <stdexcept>

#include <openssl/crypto.h>
#include <openssl/hmac.h>

namespace sekisho::crypto {

Bytes hmac_sha256(std::string_view key, std::string_view data) {
  Bytes code(EVP_MAX_MD_SIZE);
  unsigned int size = 0;
  if (HMAC(openssl_digest(HashAlgorithm::sha256), key.data(), static_cast<int>(key.size()),
           reinterpret_cast<const unsigned char*>(data.data()), data.size(), code.data(),
           &size) == nullptr) {
    throw std::runtime_error("OpenSSL could not compute a keyed hash");
  }
  code.resize(size);
  return code;
}

bool equal_codes(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace sekisho::crypto
