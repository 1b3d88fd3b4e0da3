// Key files in both forms, and signing with whatever was taken for a key.
#include "crypto/private_key.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sekisho::crypto;
  const Bytes digest(digest_size(HashAlgorithm::sha256), 1);
  const std::string text(data, data + size);
  for (const auto& key :
       {PrivateKey::parse_pem(text), PrivateKey::parse_der(std::span(data, size))}) {
    if (!key) {
      continue;
    }
    const auto verifier = PublicKey::parse(key->type(), key->public_data());
    if (!verifier || !verifier->verify(HashAlgorithm::sha256, digest,
                                       key->sign(HashAlgorithm::sha256, digest))) {
      std::abort();
    }
  }
  return 0;
}
