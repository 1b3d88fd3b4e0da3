#include "crypto/public_key.hpp"

#include "crypto/private_key.hpp"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::crypto {
namespace {

// One RSA key of 1024 bits in both forms, and a signature over "sekisho" (PKCS#1 v1.5, SHA-256).
constexpr std::string_view rsa_info =
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDAGCoB+EZ+6JgfKUJ2S/dXnY072E6+rzDVCestHcUf5WRlhx5lMXDo"
    "Jyb0xUnNI6W0loZaXMNtU4Fh7flDxEiHCqKuaG7FAWAKEwtSZGsxBEps/f+NRQPWfvV9M46o2KWGgE2ApLsYu//tOtQR"
    "vs6S+j2aOIQpaHrn3V2DjnWB+QIDAQAB";
constexpr std::string_view rsa_pkcs1 =
    "MIGJAoGBAMAYKgH4Rn7omB8pQnZL91edjTvYTr6vMNUJ6y0dxR/lZGWHHmUxcOgnJvTFSc0jpbSWhlpcw21TgWHt+UPE"
    "SIcKoq5obsUBYAoTC1JkazEESmz9/41FA9Z+9X0zjqjYpYaATYCkuxi7/+061BG+zpL6PZo4hCloeufdXYOOdYH5AgMB"
    "AAE=";
constexpr std::string_view rsa_signature =
    "E5IW8QEzpc8wvMuyO7e+MAbGn+RPhWcD3Pl6U/9pEKT4Amy/dBnHQtBL+OrQd6QXnS0zjCbrv+ej4DRqiyePde28oO7W"
    "pUTzKksz3xm2uWaMIAlYLeS4imG1xYGNiPuRDD/TYg5VF6W6/VGYLkpTNo437HWseAwzaRD7j1ipbmE=";

// An Ed25519 key and its signature over SHA-256("sekisho") as the message (RFC 8463 §3).
constexpr std::string_view ed25519_info =
    "MCowBQYDK2VwAyEAb7ORQaaWKMJlypuNLk/Fh8gGJ3Yz16lNuzmu5NRCMAA=";
constexpr std::string_view ed25519_raw = "b7ORQaaWKMJlypuNLk/Fh8gGJ3Yz16lNuzmu5NRCMAA=";
constexpr std::string_view ed25519_signature =
    "YvX7hxKcGDbFP558rUr/IXkZor0UY9LhF9kBbI5q9HdalOVBS1f0GBLoeDoNIeT/c8s5jibGCMvtnfRoA0mdDQ==";

constexpr std::string_view p256_info =
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEbYUN3QNoIdyWSjnJH1O2p7ZsOxfJ/tSAkgr7dZl3yChCcT4sSJzCxmzp"
    "PcxWCZNGw4ILZXhNpdq0+AQMHtkssA==";
constexpr std::string_view rsa_pss_info =
    "MIGdMAsGCSqGSIb3DQEBCgOBjQAwgYkCgYEA3V5LrUsOLWZWBhGmqZmPSwoZqvRMhirvM599FuqaEXDqiTv3Ky0Wgl1A"
    "PSG85oVzCfG51np2j7sNMVgbyo8ygEDQ61RXB8tzELelhaK/KoNAmDP5CgZz6GrL6MqaTkCl2+uNsmotHeIN7Ec2A38d"
    "rxFL23gaulQoW4zdcdscx3ECAwEAAQ==";

Bytes decode(std::string_view text) {
  return decode_base64(text).value();
}

// The keys above, in one form each.
std::expected<PublicKey, KeyError> sample_key(bool is_rsa) {
  return is_rsa ? PublicKey::parse(KeyType::rsa, decode(rsa_info))
                : PublicKey::parse(KeyType::ed25519, decode(ed25519_raw));
}

Bytes digest_of(std::string_view text) {
  Digest digest(HashAlgorithm::sha256);
  digest.update(text);
  return digest.finish();
}

Bytes der(std::uint8_t tag, const Bytes& content) {
  Bytes element{tag, 0x82, static_cast<std::uint8_t>(content.size() >> 8),
                static_cast<std::uint8_t>(content.size())};
  element.insert(element.end(), content.begin(), content.end());
  return element;
}

// A number of `bits` bits whose other bits are all one, but the lowest as told.
Bytes number(std::size_t bits, bool odd = true) {
  Bytes octets((bits + 7) / 8, 0xff);
  octets.front() = static_cast<std::uint8_t>(0xffU >> (octets.size() * 8 - bits));
  octets.back() = odd ? octets.back() : static_cast<std::uint8_t>(octets.back() & 0xfe);
  octets.insert(octets.begin(), 0);  // DER integers have a sign
  return octets;
}

// RSAPublicKey (RFC 8017 §A.1.1).
Bytes pkcs1(const Bytes& modulus, const Bytes& exponent) {
  Bytes numbers = der(0x02, modulus);
  const Bytes second = der(0x02, exponent);
  numbers.insert(numbers.end(), second.begin(), second.end());
  return der(0x30, numbers);
}

std::optional<KeyError> error_of(KeyType type, const Bytes& data) {
  const auto key = PublicKey::parse(type, data);
  return key ? std::nullopt : std::optional(key.error());
}

const Bytes f4{1, 0, 1};

}  // namespace

TEST_CASE("public key: RSA in both forms verifies (RFC 6376 §3.6.1)", "[crypto]") {
  const auto text = GENERATE(rsa_info, rsa_pkcs1);
  CAPTURE(text);
  const auto key = PublicKey::parse(KeyType::rsa, decode(text));
  REQUIRE(key);
  CHECK(key->type() == KeyType::rsa);
  CHECK(key->bits() == 1024);
  CHECK(key->verify(HashAlgorithm::sha256, digest_of("sekisho"), decode(rsa_signature)));
  CHECK_FALSE(key->verify(HashAlgorithm::sha256, digest_of("Sekisho"), decode(rsa_signature)));
  CHECK_FALSE(key->verify(HashAlgorithm::sha1, digest_of("sekisho"), decode(rsa_signature)));
}

TEST_CASE("public key: RSA verifies what is signed with either hash", "[crypto]") {
  const auto algorithm = GENERATE(HashAlgorithm::sha1, HashAlgorithm::sha256);
  const auto other = algorithm == HashAlgorithm::sha1 ? HashAlgorithm::sha256 : HashAlgorithm::sha1;
  const PrivateKey signer = PrivateKey::generate(KeyType::rsa, PrivateKey::min_rsa_bits);
  const auto key = PublicKey::parse(KeyType::rsa, signer.public_data());
  REQUIRE(key);
  Digest hash(algorithm);
  hash.update("sekisho");
  const Bytes digest = hash.finish();
  const Bytes signature = signer.sign(algorithm, digest);
  for (int i = 0; i < 2; ++i) {  // one signature leaves nothing behind for the next
    CHECK(key->verify(algorithm, digest, signature));
    CHECK_FALSE(key->verify(other, digest, signature));
  }
}

TEST_CASE("public key: a key verifies in many threads at once", "[crypto]") {
  const bool is_rsa = GENERATE(true, false);
  CAPTURE(is_rsa);
  const auto key = sample_key(is_rsa);
  REQUIRE(key);
  const Bytes digest = digest_of("sekisho");
  const Bytes signature = decode(is_rsa ? rsa_signature : ed25519_signature);
  std::atomic<int> failed{0};
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&, copy = *key] {
        for (int k = 0; k < 50; ++k) {
          failed += copy.verify(HashAlgorithm::sha256, digest, signature) ? 0 : 1;
          failed += copy.verify(HashAlgorithm::sha256, signature, signature) ? 1 : 0;
        }
      });
    }
  }
  CHECK(failed == 0);
}

TEST_CASE("public key: Ed25519 in both forms verifies (RFC 8463 §4.2)", "[crypto]") {
  const auto text = GENERATE(ed25519_info, ed25519_raw);
  CAPTURE(text);
  const auto key = PublicKey::parse(KeyType::ed25519, decode(text));
  REQUIRE(key);
  CHECK(key->type() == KeyType::ed25519);
  CHECK(key->bits() == 256);
  CHECK(key->verify(HashAlgorithm::sha256, digest_of("sekisho"), decode(ed25519_signature)));
  CHECK_FALSE(key->verify(HashAlgorithm::sha256, digest_of(""), decode(ed25519_signature)));
}

TEST_CASE("public key: a signature of the wrong length never verifies", "[crypto]") {
  const bool is_rsa = GENERATE(true, false);
  CAPTURE(is_rsa);
  const auto key = sample_key(is_rsa);
  REQUIRE(key);
  Bytes signature = decode(is_rsa ? rsa_signature : ed25519_signature);
  const Bytes digest = digest_of("sekisho");

  CHECK_FALSE(key->verify(HashAlgorithm::sha256, digest, Bytes{}));
  signature.push_back(0);
  CHECK_FALSE(key->verify(HashAlgorithm::sha256, digest, signature));
  signature.resize(signature.size() - 2);
  CHECK_FALSE(key->verify(HashAlgorithm::sha256, digest, signature));
  CHECK_FALSE(key->verify(HashAlgorithm::sha256, digest, Bytes(20'000, 0xff)));
}

TEST_CASE("public key: other kinds of key are told apart", "[crypto]") {
  CHECK(error_of(KeyType::rsa, decode(ed25519_info)) == KeyError::wrong_type);
  CHECK(error_of(KeyType::rsa, decode(p256_info)) == KeyError::wrong_type);
  CHECK(error_of(KeyType::rsa, decode(rsa_pss_info)) == KeyError::wrong_type);
  CHECK(error_of(KeyType::ed25519, decode(p256_info)) == KeyError::wrong_type);
  CHECK(error_of(KeyType::rsa, decode(ed25519_raw)) == KeyError::malformed);
}

TEST_CASE("public key: nothing may be missing and nothing may follow", "[crypto]") {
  const auto [type, text] = GENERATE(table<KeyType, std::string_view>({
      {KeyType::rsa, rsa_info},
      {KeyType::rsa, rsa_pkcs1},
      {KeyType::ed25519, ed25519_info},
      {KeyType::ed25519, ed25519_raw},
  }));
  CAPTURE(text);
  Bytes data = decode(text);
  data.push_back(0);
  CHECK(error_of(type, data) == KeyError::malformed);
  data.resize(data.size() - 2);
  CHECK(error_of(type, data) == KeyError::malformed);
  CHECK(error_of(type, Bytes{}) == KeyError::malformed);
}

TEST_CASE("public key: nothing may follow inside the wrapping either", "[crypto]") {
  // The BIT STRING of the SubjectPublicKeyInfo, and what is around it, one octet longer.
  Bytes data = decode(rsa_info);
  data.push_back(0);
  data[2] = static_cast<std::uint8_t>(data[2] + 1);
  CHECK(error_of(KeyType::rsa, data) == KeyError::malformed);
  constexpr std::size_t bit_string_length = 20;
  data[bit_string_length] = static_cast<std::uint8_t>(data[bit_string_length] + 1);
  CHECK(error_of(KeyType::rsa, data) == KeyError::malformed);

  Bytes short_ed25519 = decode(ed25519_info);
  short_ed25519.pop_back();
  short_ed25519[1] = static_cast<std::uint8_t>(short_ed25519[1] - 1);
  constexpr std::size_t ed25519_length = 10;
  short_ed25519[ed25519_length] = static_cast<std::uint8_t>(short_ed25519[ed25519_length] - 1);
  CHECK(error_of(KeyType::ed25519, short_ed25519) == KeyError::malformed);
}

TEST_CASE("public key: RSA numbers that are no RSA key, or cost too much", "[crypto]") {
  struct Case {
    std::string_view name;
    Bytes modulus;
    Bytes exponent;
    std::optional<KeyError> expected;
  };
  const Case cases[] = {
      {"greatest modulus", number(8192), f4, std::nullopt},
      {"modulus a bit too long", number(8193), f4, KeyError::too_large},
      {"modulus of 16384 bits", number(16384), f4, KeyError::too_large},
      {"modulus of 100000 bits", number(100'000), f4, KeyError::too_large},
      {"even modulus", number(2048, false), f4, KeyError::malformed},
      {"modulus 0", {0}, f4, KeyError::malformed},
      {"modulus 1", {1}, f4, KeyError::malformed},
      {"exponent 0", number(2048), {0}, KeyError::malformed},
      {"exponent 1: every signature would hold", number(2048), {1}, KeyError::malformed},
      {"exponent 3", number(2048), {3}, std::nullopt},
      {"even exponent", number(2048), {4}, KeyError::malformed},
      {"greatest exponent", number(2048), number(64), std::nullopt},
      {"exponent too long", number(2048), number(65), KeyError::too_large},
      {"exponent as long as the modulus", number(2048), number(2048), KeyError::too_large},
  };
  for (const Case& row : cases) {
    DYNAMIC_SECTION(row.name) {
      const auto key = PublicKey::parse(KeyType::rsa, pkcs1(row.modulus, row.exponent));
      CHECK((key ? std::nullopt : std::optional(key.error())) == row.expected);
      if (key) {
        const Bytes signature(key->bits() / 8, 0x7f);
        CHECK_FALSE(key->verify(HashAlgorithm::sha256, digest_of("sekisho"), signature));
      }
    }
  }
}

TEST_CASE("public key: what is longer than any key is not read", "[crypto]") {
  constexpr std::size_t longest = 8192 / 8 + 64 / 8 + 128;
  CHECK(error_of(KeyType::rsa, Bytes(longest)) == KeyError::malformed);
  CHECK(error_of(KeyType::rsa, Bytes(longest + 1)) == KeyError::too_large);
}

TEST_CASE("public key: the limit of the modulus is the caller's", "[crypto]") {
  CHECK(PublicKey::parse(KeyType::rsa, decode(rsa_info), 1024));
  CHECK_FALSE(PublicKey::parse(KeyType::rsa, decode(rsa_info), 1023));
}

TEST_CASE("public key: a tiny modulus is a key, and verifies nothing", "[crypto]") {
  const auto key = PublicKey::parse(KeyType::rsa, pkcs1(number(9), f4));
  REQUIRE(key);
  CHECK(key->bits() == 9);
  CHECK_FALSE(key->verify(HashAlgorithm::sha256, digest_of("sekisho"), Bytes{1, 1}));
}

}  // namespace sekisho::crypto
