#include "crypto/sha512.hpp"

#include "crypto/openssl.hpp"

#include <stdexcept>

namespace sekisho::crypto {

Bytes sha512(std::string_view data) {
  Bytes digest(EVP_MAX_MD_SIZE);
  std::size_t size = 0;
  if (EVP_Q_digest(nullptr, "SHA512", nullptr, data.data(), data.size(), digest.data(), &size) !=
      1) {
    throw std::runtime_error("OpenSSL could not compute a digest");
  }
  digest.resize(size);
  return digest;
}

}  // namespace sekisho::crypto
