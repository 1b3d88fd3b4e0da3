// Public keys as DKIM key records hold them (RFC 6376 §3.6.1, RFC 8463 §4).
#pragma once

#include "crypto/base64.hpp"
#include "crypto/digest.hpp"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

struct evp_pkey_ctx_st;
struct evp_pkey_st;

namespace sekisho::crypto {

enum class KeyType : std::uint8_t { rsa, ed25519 };

enum class KeyError {
  malformed,   ///< No key of this type in any form that is known.
  wrong_type,  ///< A key, but of another type than was asked for.
  too_large,   ///< A modulus or an exponent beyond its limit: verifying would cost too much.
};

/// What an RSA signature was made over.
struct SignedDigest {
  HashAlgorithm algorithm = HashAlgorithm::sha256;
  Bytes digest;
};

/// Immutable, cheap to copy, thread-safe.
class PublicKey {
 public:
  /// RSA: SubjectPublicKeyInfo, or PKCS#1 RSAPublicKey (both occur: RFC 6376 erratum 3017 speaks of
  /// the ambiguity). Ed25519: 32 bare octets, or SubjectPublicKeyInfo. Nothing may follow the key.
  [[nodiscard]] static std::expected<PublicKey, KeyError> parse(KeyType type,
                                                                std::span<const std::uint8_t> data,
                                                                std::size_t max_bits = 8192);

  [[nodiscard]] KeyType type() const { return type_; }
  /// Of the modulus; 256 for Ed25519.
  [[nodiscard]] std::size_t bits() const;

  /// RSA: RSASSA-PKCS1-v1_5 over a finished digest (RFC 8017 §8.2.2).
  /// Ed25519: PureEdDSA over the digest's octets as the message (RFC 8463 §3).
  [[nodiscard]] bool verify(HashAlgorithm algorithm, std::span<const std::uint8_t> digest,
                            std::span<const std::uint8_t> signature) const;

  /// Returns the digest inside an RSA signature (EMSA-PKCS1-v1_5, RFC 8017 §9.2) that was made with
  /// this key. Nullopt: another key made it, it was damaged, its hash is not known here, or the key
  /// is an Ed25519 key, whose signatures do not contain the digest.
  [[nodiscard]] std::optional<SignedDigest> recover(std::span<const std::uint8_t> signature) const;

 private:
  friend class PrivateKey;
  PublicKey(KeyType type, std::shared_ptr<evp_pkey_st> key,
            std::shared_ptr<evp_pkey_ctx_st> rsa_context)
      : type_(type), key_(std::move(key)), rsa_context_(std::move(rsa_context)) {}
  KeyType type_;
  std::shared_ptr<evp_pkey_st> key_;
  std::shared_ptr<const evp_pkey_ctx_st> rsa_context_;  ///< Of RSA; copied for each signature.
};

}  // namespace sekisho::crypto
