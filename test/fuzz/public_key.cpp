// Key data of both types, and verifying with whatever was taken for a key.
#include "crypto/public_key.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sekisho::crypto;
  const Bytes digest(digest_size(HashAlgorithm::sha256), 1);
  for (const KeyType type : {KeyType::rsa, KeyType::ed25519}) {
    const auto key = PublicKey::parse(type, std::span(data, size));
    if (key) {
      const Bytes signature((key->bits() + 7) / 8, 0x55);
      static_cast<void>(key->verify(HashAlgorithm::sha256, digest, signature));
    }
  }
  return 0;
}
