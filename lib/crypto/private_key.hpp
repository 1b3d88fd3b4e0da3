// Private keys that sign mail (RFC 6376 §3.3, RFC 8463): made, read, used, wiped.
#pragma once

#include "crypto/base64.hpp"
#include "crypto/digest.hpp"
#include "crypto/public_key.hpp"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

struct evp_pkey_st;

namespace sekisho::crypto {

enum class PrivateKeyError : std::uint8_t {
  malformed,   ///< No private key in any form that is known, or one whose parts do not fit.
  encrypted,   ///< Protected by a passphrase.
  wrong_type,  ///< A key, but neither RSA nor Ed25519.
  too_small,   ///< RSA under min_rsa_bits.
  too_large,   ///< RSA over max_rsa_bits, or more text than any key needs.
};
/// For people: "the key is protected by a passphrase" …
[[nodiscard]] std::string_view format_private_key_error(PrivateKeyError error);

/// Immutable, cheap to copy, thread-safe. The key's memory is wiped when the last copy goes. One
/// that is deferred is read when it is first needed; where that fails, what needed it throws
/// std::runtime_error with the reason, and the next use reads it again.
class PrivateKey {
 public:
  static constexpr std::size_t min_rsa_bits = 1024;  ///< RFC 8301 §3.2
  static constexpr std::size_t max_rsa_bits = 8192;
  static constexpr std::size_t max_octets = 16'384;  ///< Of any form that is read.

  /// PEM without a passphrase: PKCS#8, or PKCS#1 for RSA. The first private key counts, whatever
  /// stands around it. Never asks anybody for a passphrase.
  [[nodiscard]] static std::expected<PrivateKey, PrivateKeyError> parse_pem(std::string_view text);
  /// The same forms in DER, with nothing after them, or the 32 bare octets of an Ed25519 key as RFC
  /// 8463 §A.1 shows them.
  [[nodiscard]] static std::expected<PrivateKey, PrivateKeyError> parse_der(
      std::span<const std::uint8_t> data);
  using Read = std::function<std::expected<PrivateKey, std::string>()>;
  /// A key that `read` will give, on whichever thread needs it first. `source` names what is read:
  /// keys of the same source are the same key.
  [[nodiscard]] static PrivateKey deferred(std::string source, Read read);
  /// `bits` counts for RSA alone: min_rsa_bits to max_rsa_bits.
  [[nodiscard]] static PrivateKey generate(KeyType type, std::size_t bits = 2048);

  /// The key itself. Of a deferred one that nobody has needed yet it is read and not kept; the
  /// error says why it cannot be.
  [[nodiscard]] std::expected<PrivateKey, std::string> read() const;
  /// False for a deferred key that nobody has needed yet.
  [[nodiscard]] bool is_read() const;
  /// Whether what this key signs verifies with `published`.
  [[nodiscard]] bool belongs_to(const PublicKey& published) const;
  /// Whether both are known to sign alike. Deferred keys of different sources are read; where that
  /// fails, they count as different.
  [[nodiscard]] bool is_same(const PrivateKey& other) const;

  [[nodiscard]] KeyType type() const;
  /// Of the modulus; 256 for Ed25519.
  [[nodiscard]] std::size_t bits() const;

  /// RSA: RSASSA-PKCS1-v1_5 over a finished digest; Ed25519: PureEdDSA over the digest's octets
  /// (RFC 8463 §3).
  [[nodiscard]] Bytes sign(HashAlgorithm algorithm, std::span<const std::uint8_t> digest) const;
  /// What `p=` of the key record holds, before base64: SubjectPublicKeyInfo for RSA, 32 bare octets
  /// for Ed25519.
  [[nodiscard]] Bytes public_data() const;
  /// PKCS#8 PEM. The caller's to wipe.
  [[nodiscard]] std::string pem() const;

 private:
  static std::expected<PrivateKey, PrivateKeyError> check(
      std::expected<std::shared_ptr<evp_pkey_st>, PrivateKeyError> parsed);
  PrivateKey(KeyType type, std::shared_ptr<evp_pkey_st> key) : type_(type), key_(std::move(key)) {}
  struct Deferred;
  [[nodiscard]] const PrivateKey& present() const;

  KeyType type_ = KeyType::rsa;
  std::shared_ptr<evp_pkey_st> key_;    ///< Null: deferred.
  std::shared_ptr<Deferred> deferred_;  ///< Else null.
};

}  // namespace sekisho::crypto
