#include "crypto/digest.hpp"

#include "crypto/openssl.hpp"

#include <new>
#include <stdexcept>
#include <string>
#include <utility>

namespace sekisho::crypto {

namespace {

// OpenSSL keeps what was fetched for the life of the process; so do we, and free nothing.
const EVP_MD* fetch(const char* name) {
  const EVP_MD* digest = EVP_MD_fetch(nullptr, name, nullptr);
  if (digest == nullptr) {
    throw std::runtime_error(std::string("OpenSSL has no ") + name);
  }
  return digest;
}

void require(int result) {
  if (result != 1) {
    throw std::runtime_error("OpenSSL could not compute a digest");
  }
}

DigestContext make_context() {
  DigestContext context(EVP_MD_CTX_new());
  if (!context) {
    throw std::bad_alloc();
  }
  return context;
}

Bytes finish_context(EVP_MD_CTX& context) {
  Bytes digest(EVP_MAX_MD_SIZE);
  unsigned int size = 0;
  require(EVP_DigestFinal_ex(&context, digest.data(), &size));
  digest.resize(size);
  return digest;
}

}  // namespace

const EVP_MD* openssl_digest(HashAlgorithm algorithm) {
  switch (algorithm) {
    case HashAlgorithm::sha1: {  // which a system's policy may have taken away
      static const EVP_MD* const sha1 = fetch("SHA1");
      return sha1;
    }
    case HashAlgorithm::sha256: {
      static const EVP_MD* const sha256 = fetch("SHA256");
      return sha256;
    }
  }
  std::unreachable();
}

std::size_t digest_size(HashAlgorithm algorithm) {
  switch (algorithm) {
    case HashAlgorithm::sha1:
      return 20;
    case HashAlgorithm::sha256:
      return 32;
  }
  std::unreachable();
}

void Digest::Free::operator()(EVP_MD_CTX* context) const noexcept {
  EVP_MD_CTX_free(context);
}

Digest::Digest(HashAlgorithm algorithm) : context_(make_context().release()) {
  require(EVP_DigestInit_ex2(context_.get(), openssl_digest(algorithm), nullptr));
}

Digest::Digest(const Digest& other) : context_(make_context().release()) {
  require(EVP_MD_CTX_copy_ex(context_.get(), other.context_.get()));
}

Digest& Digest::operator=(const Digest& other) {
  return *this = Digest(other);
}

void Digest::update(std::string_view data) {
  require(EVP_DigestUpdate(context_.get(), data.data(), data.size()));
}

Bytes Digest::current() const {
  return Digest(*this).finish();
}

Bytes Digest::finish() {
  return finish_context(*context_);
}

}  // namespace sekisho::crypto
