// Private keys that sign mail (RFC 6376 §3.3, RFC 8463): made, read, used, wiped.
#pragma once

#include "crypto/base64.hpp"
#include "crypto/digest.hpp"
#include "crypto/public_key.hpp"

#include <cstddef>
#include <expected>
#include <memory>
#include <span>
#include <string>
#include <string_view>

struct evp_pkey_st;

namespace sekisho::crypto {

/// Immutable, cheap to copy, thread-safe. The key's memory is wiped when the last copy goes.
class PrivateKey {
 public:
  /// PEM without a passphrase: PKCS#8, or PKCS#1 for RSA.
  [[nodiscard]] static std::expected<PrivateKey, KeyError> parse_pem(std::string_view text);
  /// The same forms in DER.
  [[nodiscard]] static std::expected<PrivateKey, KeyError> parse_der(
      std::span<const std::uint8_t> data);
  /// `bits` counts for RSA alone: 1024 to 8192.
  [[nodiscard]] static PrivateKey generate(KeyType type, std::size_t bits = 2048);

  [[nodiscard]] KeyType type() const { return type_; }
  [[nodiscard]] std::size_t bits() const;

  /// RSA: RSASSA-PKCS1-v1_5 over a finished digest; Ed25519: PureEdDSA over the digest's octets
  /// (RFC 8463 §3).
  [[nodiscard]] Bytes sign(HashAlgorithm algorithm, std::span<const std::uint8_t> digest) const;
  /// What `p=` of the key record holds, before base64: SubjectPublicKeyInfo for RSA, 32 bare octets
  /// for Ed25519.
  [[nodiscard]] Bytes public_data() const;
  /// PKCS#8 PEM.
  [[nodiscard]] std::string pem() const;

 private:
  PrivateKey(KeyType type, std::shared_ptr<evp_pkey_st> key) : type_(type), key_(std::move(key)) {}
  KeyType type_;
  std::shared_ptr<evp_pkey_st> key_;
};

}  // namespace sekisho::crypto
