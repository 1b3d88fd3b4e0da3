#include "crypto/public_key.hpp"

#include "crypto/openssl.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <openssl/core_names.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

namespace sekisho::crypto {

namespace {

constexpr std::size_t ed25519_key_size = 32;
// OpenSSL's own limit, which it keeps for long keys alone. An exponent as long as the modulus would
// make verifying as dear as signing.
constexpr int max_exponent_bits = 64;
// A SubjectPublicKeyInfo around a modulus and an exponent of their greatest sizes is hardly longer.
constexpr std::size_t max_overhead = 128;

using Parsed = std::expected<Key, KeyError>;

// What a SubjectPublicKeyInfo (RFC 5280 §4.1.2.7) holds.
struct WrappedKey {
  int type = NID_undef;
  Bytes key;
};

// d2i_PUBKEY would do this too, and take ten times as long as verifying a signature does.
std::optional<WrappedKey> unwrap(std::span<const std::uint8_t> data) {
  const unsigned char* position = data.data();
  const unsigned char* const end = data.data() + data.size();
  long size = 0;
  int tag = 0;
  int tag_class = 0;
  // Constructed, of a definite length, without an error.
  if (ASN1_get_object(&position, &size, &tag, &tag_class, end - position) != V_ASN1_CONSTRUCTED ||
      tag != V_ASN1_SEQUENCE || end - position != size) {
    return std::nullopt;
  }
  const AlgorithmIdentifier algorithm(d2i_X509_ALGOR(nullptr, &position, end - position));
  if (!algorithm) {
    return std::nullopt;
  }
  const BitString bits(d2i_ASN1_BIT_STRING(nullptr, &position, end - position));
  if (!bits || position != end) {
    return std::nullopt;
  }
  const ASN1_OBJECT* type = nullptr;
  X509_ALGOR_get0(&type, nullptr, nullptr, algorithm.get());
  const unsigned char* const content = ASN1_STRING_get0_data(bits.get());
  return WrappedKey{OBJ_obj2nid(type), Bytes(content, content + ASN1_STRING_length(bits.get()))};
}

// RSAPublicKey (RFC 8017 §A.1.1); nothing may follow it.
Key read_pkcs1(std::span<const std::uint8_t> data) {
  const unsigned char* position = data.data();
  Key key(d2i_PublicKey(EVP_PKEY_RSA, nullptr, &position, static_cast<long>(data.size())));
  return position == data.data() + data.size() ? std::move(key) : nullptr;
}

BigNumber number_of(const EVP_PKEY& key, const char* name) {
  BIGNUM* number = nullptr;
  EVP_PKEY_get_bn_param(&key, name, &number);
  return BigNumber(number);
}

// RFC 8017 §3.1: the modulus is a product of odd primes, the exponent odd and at least 3.
bool is_rsa_number(const BigNumber& number) {
  return number && BN_is_odd(number.get()) == 1 && BN_is_one(number.get()) == 0;
}

Parsed parse_rsa(std::span<const std::uint8_t> data, std::size_t max_bits) {
  if (data.size() > max_bits / 8 + max_exponent_bits / 8 + max_overhead) {
    return std::unexpected(KeyError::too_large);
  }
  const std::optional<WrappedKey> wrapped = unwrap(data);
  if (wrapped && wrapped->type != NID_rsaEncryption) {
    return std::unexpected(KeyError::wrong_type);
  }
  Key key = read_pkcs1(wrapped ? wrapped->key : data);
  if (!key) {
    return std::unexpected(KeyError::malformed);
  }
  const BigNumber modulus = number_of(*key, OSSL_PKEY_PARAM_RSA_N);
  const BigNumber exponent = number_of(*key, OSSL_PKEY_PARAM_RSA_E);
  if (!is_rsa_number(modulus) || !is_rsa_number(exponent)) {
    return std::unexpected(KeyError::malformed);
  }
  if (static_cast<std::size_t>(BN_num_bits(modulus.get())) > max_bits ||
      BN_num_bits(exponent.get()) > max_exponent_bits) {
    return std::unexpected(KeyError::too_large);
  }
  return key;
}

Parsed parse_raw_ed25519(std::span<const std::uint8_t> data) {
  if (data.size() != ed25519_key_size) {
    return std::unexpected(KeyError::malformed);
  }
  Key key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, data.data(), data.size()));
  return key ? Parsed(std::move(key)) : std::unexpected(KeyError::malformed);
}

Parsed parse_ed25519(std::span<const std::uint8_t> data) {
  if (data.size() > ed25519_key_size + max_overhead) {
    return std::unexpected(KeyError::malformed);
  }
  const std::optional<WrappedKey> wrapped = unwrap(data);
  if (wrapped && wrapped->type != NID_ED25519) {
    return std::unexpected(KeyError::wrong_type);
  }
  return parse_raw_ed25519(wrapped ? wrapped->key : data);
}

Parsed parse_key(KeyType type, std::span<const std::uint8_t> data, std::size_t max_bits) {
  switch (type) {
    case KeyType::rsa:
      return parse_rsa(data, max_bits);
    case KeyType::ed25519:
      return parse_ed25519(data);
  }
  std::unreachable();
}

bool set_digest(EVP_PKEY_CTX& context, HashAlgorithm algorithm) {
  return EVP_PKEY_CTX_set_signature_md(&context, openssl_digest(algorithm)) == 1;
}

// Ready to verify what is signed with SHA-256. To make it costs as much as a tenth of verifying, to
// copy it next to nothing.
KeyContext make_rsa_context(EVP_PKEY& key) {
  KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, &key, nullptr));
  const bool is_ready = context && EVP_PKEY_verify_init(context.get()) == 1 &&
                        EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) == 1 &&
                        set_digest(*context, HashAlgorithm::sha256);
  return is_ready ? std::move(context) : nullptr;
}

bool verify_rsa(const EVP_PKEY_CTX& prepared, HashAlgorithm algorithm,
                std::span<const std::uint8_t> digest, std::span<const std::uint8_t> signature) {
  const KeyContext context(EVP_PKEY_CTX_dup(&prepared));
  return context && (algorithm == HashAlgorithm::sha256 || set_digest(*context, algorithm)) &&
         EVP_PKEY_verify(context.get(), signature.data(), signature.size(), digest.data(),
                         digest.size()) == 1;
}

// DER of a DigestInfo up to the digest (RFC 8017 §9.2, note 1).
constexpr std::uint8_t sha1_info[] = {0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e,
                                      0x03, 0x02, 0x1a, 0x05, 0x00, 0x04, 0x14};
constexpr std::uint8_t sha256_info[] = {0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
                                        0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20};

std::optional<SignedDigest> read_digest_info(HashAlgorithm algorithm,
                                             std::span<const std::uint8_t> prefix,
                                             std::span<const std::uint8_t> info) {
  if (info.size() != prefix.size() + digest_size(algorithm) ||
      !std::ranges::equal(info.first(prefix.size()), prefix)) {
    return std::nullopt;
  }
  const auto digest = info.subspan(prefix.size());
  return SignedDigest{algorithm, Bytes(digest.begin(), digest.end())};
}

// What stands behind the padding of a signature; empty where the padding is not right.
Bytes recover_rsa(EVP_PKEY& key, std::span<const std::uint8_t> signature) {
  const KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, &key, nullptr));
  if (!context || EVP_PKEY_verify_recover_init(context.get()) != 1 ||
      EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) != 1) {
    return {};
  }
  Bytes recovered(static_cast<std::size_t>(EVP_PKEY_get_size(&key)));
  std::size_t size = recovered.size();
  if (EVP_PKEY_verify_recover(context.get(), recovered.data(), &size, signature.data(),
                              signature.size()) != 1) {
    return {};
  }
  recovered.resize(size);
  return recovered;
}

bool verify_ed25519(EVP_PKEY& key, std::span<const std::uint8_t> message,
                    std::span<const std::uint8_t> signature) {
  const DigestContext context(EVP_MD_CTX_new());
  return context && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, &key) == 1 &&
         EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(),
                          message.size()) == 1;
}

}  // namespace

std::expected<PublicKey, KeyError> PublicKey::parse(KeyType type,
                                                    std::span<const std::uint8_t> data,
                                                    std::size_t max_bits) {
  const ErrorMark mark;
  Parsed key = parse_key(type, data, max_bits);
  if (!key) {
    return std::unexpected(key.error());
  }
  std::shared_ptr<EVP_PKEY_CTX> context;
  if (type == KeyType::rsa) {
    context = make_rsa_context(**key);
    if (!context) {
      return std::unexpected(KeyError::malformed);
    }
  }
  return PublicKey(type, std::shared_ptr<EVP_PKEY>(std::move(*key)), std::move(context));
}

std::size_t PublicKey::bits() const {
  switch (type_) {
    case KeyType::rsa:
      return static_cast<std::size_t>(EVP_PKEY_get_bits(key_.get()));
    case KeyType::ed25519:
      return ed25519_key_size * 8;  // as RFC 8463 §3 counts; OpenSSL says 253
  }
  std::unreachable();
}

bool PublicKey::verify(HashAlgorithm algorithm, std::span<const std::uint8_t> digest,
                       std::span<const std::uint8_t> signature) const {
  const ErrorMark mark;
  switch (type_) {
    case KeyType::rsa:
      return verify_rsa(*rsa_context_, algorithm, digest, signature);
    case KeyType::ed25519:
      return verify_ed25519(*key_, digest, signature);
  }
  std::unreachable();
}

std::optional<SignedDigest> PublicKey::recover(std::span<const std::uint8_t> signature) const {
  const ErrorMark mark;
  if (type_ != KeyType::rsa) {
    return std::nullopt;
  }
  const Bytes info = recover_rsa(*key_, signature);
  auto digest = read_digest_info(HashAlgorithm::sha256, sha256_info, info);
  return digest ? digest : read_digest_info(HashAlgorithm::sha1, sha1_info, info);
}

}  // namespace sekisho::crypto
