#include "crypto/private_key.hpp"

#include <cstddef>
#include <expected>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <string>

#include <catch2/catch.hpp>

namespace sekisho::crypto {
namespace {

// test/data/crypto: keys as `openssl genrsa -traditional`, `genpkey`, `pkcs8 -topk8` and `ecparam`
// write them, and the RSA key of RFC 8463 §A.1.
std::string read_file(const std::string& name) {
  const std::filesystem::path path = std::filesystem::path(SEKISHO_TEST_DATA "/crypto") / name;
  std::ifstream file(path, std::ios::binary);
  REQUIRE(file);
  return {std::istreambuf_iterator<char>(file), {}};
}

Bytes decode(std::string_view text) {
  return decode_base64(text).value();
}

// The octets of a PEM file's only block.
Bytes der_of(const std::string& name) {
  const std::string pem = read_file(name);
  const std::size_t begin = pem.find('\n');
  return decode_folded_base64(pem.substr(begin, pem.find("-----END") - begin)).value();
}

Bytes digest_of(std::string_view text) {
  Digest digest(HashAlgorithm::sha256);
  digest.update(text);
  return digest.finish();
}

bool verifies(const PrivateKey& key) {
  const auto public_key = PublicKey::parse(key.type(), key.public_data());
  const Bytes digest = digest_of("sekisho");
  return public_key &&
         public_key->verify(HashAlgorithm::sha256, digest, key.sign(HashAlgorithm::sha256, digest));
}

std::optional<PrivateKeyError> error_of(const std::expected<PrivateKey, PrivateKeyError>& parsed) {
  return parsed ? std::nullopt : std::optional(parsed.error());
}

// What `openssl pkeyutl -sign` makes of SHA-256("sekisho") with rsa-pkcs1.pem and ed25519.pem, and
// what `openssl pkey -pubout` shows.
constexpr std::string_view rsa_signature =
    "k9nvr1QqNf1yOIDkVbUr4RNyIMQRsvGxuut4xxzbqfR0prLgXn+1ZoMpPYgoWzD8qiSltbn4CqoxxSGxch545oVFhcs6"
    "GKdrpqo226zlbd0ZaSUN6BtmCcN0Fi88V9yDb/T3FcI9j5IgenbHsUcsUr5+Y3hB+yK5GLm2e/QiMuo=";
constexpr std::string_view rsa_public =
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCyyDBXnJS4kMv3bfGMQIGzCc+J5Yj2PpefFaThJnnM8qRhxl2XK11P"
    "0OfXV9Lj6ZWAoDFLBAXl2PFfmkpbTPnbSVJVTpQSemiRMMnsDIYlf1XkcIpTk9XpO6nvA5RzDJXyUFQq53OFLP+q45+R"
    "Ndk+FoB+5TeZU72fqLcf0/vdsQIDAQAB";
constexpr std::string_view ed25519_signature =
    "yFwdoc8mWb2L35ohSexoE6PwBZ2g5MGZVBFHyK0FqDqg2928kVr4OrqG6wkF/c6lcp1LwBsd+Hus6r/+f40RBg==";
constexpr std::string_view ed25519_public = "EKUSr656D85LCPIAEd/MGYhC5MaguCsrorKWNq85T0s=";

}  // namespace

TEST_CASE("keys are read from PEM and sign as openssl does", "[crypto]") {
  struct Case {
    std::string file;
    KeyType type;
    std::size_t bits;
    std::string_view public_data;
    std::string_view signature;
  };
  const Case cases[] = {
      {"rsa-pkcs1.pem", KeyType::rsa, 1024, rsa_public, rsa_signature},
      {"rsa-pkcs8.pem", KeyType::rsa, 1024, rsa_public, rsa_signature},
      {"ed25519.pem", KeyType::ed25519, 256, ed25519_public, ed25519_signature},
      {"ed25519-after-certificate.pem", KeyType::ed25519, 256, ed25519_public, ed25519_signature},
  };
  for (const auto& [file, type, bits, public_data, signature] : cases) {
    DYNAMIC_SECTION(file) {
      const auto key = PrivateKey::parse_pem(read_file(file));
      REQUIRE(key);
      CHECK(key->type() == type);
      CHECK(key->bits() == bits);
      CHECK(key->public_data() == decode(public_data));
      CHECK(key->sign(HashAlgorithm::sha256, digest_of("sekisho")) == decode(signature));
    }
  }
}

TEST_CASE("keys are read from DER", "[crypto]") {
  const std::string file = GENERATE("rsa-pkcs1.pem", "rsa-pkcs8.pem", "ed25519.pem");
  CAPTURE(file);
  Bytes data = der_of(file);
  const auto key = PrivateKey::parse_der(data);
  REQUIRE(key);
  CHECK(verifies(*key));

  data.push_back(0);
  CHECK(error_of(PrivateKey::parse_der(data)) == PrivateKeyError::malformed);
  data.resize(data.size() - 2);
  CHECK(error_of(PrivateKey::parse_der(data)) == PrivateKeyError::malformed);
}

TEST_CASE("the keys of RFC 8463 §A.1 belong to the records of §A.2", "[crypto]") {
  const auto bare = PrivateKey::parse_der(decode("nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A="));
  REQUIRE(bare);
  CHECK(bare->type() == KeyType::ed25519);
  CHECK(bare->public_data() == decode("11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="));

  const auto rsa = PrivateKey::parse_pem(read_file("rfc8463-rsa.pem"));
  REQUIRE(rsa);
  CHECK(encode_base64(rsa->public_data())
            .starts_with("MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhd"
                         "R6wy5bdOKb2jLQiY"));
}

TEST_CASE("keys that cannot sign mail are refused, and nobody is asked for a passphrase",
          "[crypto]") {
  struct Case {
    std::string name;
    std::string text;
    PrivateKeyError error;
  };
  using enum PrivateKeyError;
  const std::string rsa = read_file("rsa-pkcs1.pem");
  const Case cases[] = {
      {"PKCS#1 with a passphrase", read_file("rsa-pkcs1-encrypted.pem"), encrypted},
      {"PKCS#8 with a passphrase", read_file("rsa-pkcs8-encrypted.pem"), encrypted},
      {"EC in SEC 1", read_file("ec-sec1.pem"), wrong_type},
      {"EC in PKCS#8", read_file("ec-pkcs8.pem"), wrong_type},
      {"RSASSA-PSS alone", read_file("rsa-pss.pem"), wrong_type},
      {"512 bits", read_file("rsa-512.pem"), too_small},  // RFC 8301 §3.2
      {"a digit of the modulus damaged", read_file("rsa-damaged-modulus.pem"), malformed},
      {"nothing", "", malformed},
      {"no PEM", "p=abc", malformed},
      {"no key", "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n", malformed},
      {"cut short", rsa.substr(0, rsa.size() / 2), malformed},
      {"RSA under the label of PKCS#8 cut short",
       "-----BEGIN PRIVATE KEY-----\nMIIC\n-----END PRIVATE KEY-----\n", malformed},
      {"a public key", "-----BEGIN PUBLIC KEY-----\nMAA=\n-----END PUBLIC KEY-----\n", malformed},
      {"too much text", std::string(PrivateKey::max_octets, '\n') + rsa, too_large},
  };
  for (const auto& [name, text, error] : cases) {
    DYNAMIC_SECTION(name) {
      CHECK(error_of(PrivateKey::parse_pem(text)) == error);
      CHECK_FALSE(format_private_key_error(error).empty());
    }
  }
}

TEST_CASE("keys are generated, written and read again", "[crypto]") {
  struct Case {
    KeyType type;
    std::size_t bits;
  };
  const auto [type, bits] =
      GENERATE(Case{KeyType::rsa, 1024}, Case{KeyType::rsa, 2048}, Case{KeyType::ed25519, 256});
  CAPTURE(bits);
  const PrivateKey key = PrivateKey::generate(type, bits);
  CHECK(key.type() == type);
  CHECK(key.bits() == bits);
  CHECK(verifies(key));

  const std::string pem = key.pem();
  CHECK(pem.starts_with("-----BEGIN PRIVATE KEY-----\n"));
  const auto copy = PrivateKey::parse_pem(pem);
  REQUIRE(copy);
  CHECK(copy->public_data() == key.public_data());
}

TEST_CASE("RSA keys have 1024 to 8192 bits", "[crypto]") {
  CHECK_THROWS_AS(PrivateKey::generate(KeyType::rsa, 1023), std::invalid_argument);
  CHECK_THROWS_AS(PrivateKey::generate(KeyType::rsa, 8193), std::invalid_argument);
}

TEST_CASE("a deferred key is read when it is needed, and once", "[crypto]") {
  const PrivateKey key = PrivateKey::generate(KeyType::ed25519);
  int reads = 0;
  const PrivateKey late = PrivateKey::deferred("file 1", [&] {
    ++reads;
    return std::expected<PrivateKey, std::string>(key);
  });
  CHECK_FALSE(late.is_read());
  CHECK(late.read().value().public_data() == key.public_data());  // and not kept
  CHECK_FALSE(late.is_read());
  CHECK(reads == 1);

  const PrivateKey copy = late;
  CHECK(copy.type() == KeyType::ed25519);
  CHECK(copy.bits() == 256);
  CHECK(verifies(copy));
  CHECK(late.public_data() == key.public_data());
  CHECK(late.pem() == key.pem());
  CHECK(late.read().value().is_same(key));
  CHECK(late.is_read());
  CHECK(reads == 2);
}

TEST_CASE("a deferred key that cannot be read throws, until it can", "[crypto]") {
  const PrivateKey key = PrivateKey::generate(KeyType::ed25519);
  bool is_there = false;
  const PrivateKey late =
      PrivateKey::deferred("file 1", [&]() -> std::expected<PrivateKey, std::string> {
        return is_there ? std::expected<PrivateKey, std::string>(key)
                        : std::unexpected(std::string("k.pem: no such file"));
      });
  CHECK(late.read().error() == "k.pem: no such file");
  CHECK_THROWS_WITH(late.sign(HashAlgorithm::sha256, digest_of("x")), "k.pem: no such file");
  CHECK_THROWS_WITH(late.type(), "k.pem: no such file");
  CHECK_FALSE(late.is_read());
  is_there = true;
  CHECK(verifies(late));
}

TEST_CASE("keys are the same by their source or by what they are", "[crypto]") {
  const PrivateKey key = PrivateKey::generate(KeyType::ed25519);
  const PrivateKey other = PrivateKey::generate(KeyType::ed25519);
  int reads = 0;
  const auto from = [&](const std::string& source, const PrivateKey& what) {
    return PrivateKey::deferred(source, [&reads, what] {
      ++reads;
      return std::expected<PrivateKey, std::string>(what);
    });
  };
  CHECK(from("file 1", key).is_same(from("file 1", other)));
  CHECK(reads == 0);
  CHECK(from("file 1", key).is_same(from("file 2", key)));
  CHECK_FALSE(from("file 1", key).is_same(from("file 2", other)));
  CHECK(from("file 1", key).is_same(key));
  CHECK(key.is_same(PrivateKey(key)));
  CHECK_FALSE(key.is_same(other));
}

TEST_CASE("a key belongs to its own public half", "[crypto]") {
  for (const KeyType type : {KeyType::rsa, KeyType::ed25519}) {
    const PrivateKey key = PrivateKey::generate(type, 1024);
    const PrivateKey other = PrivateKey::generate(type, 1024);
    CHECK(key.belongs_to(PublicKey::parse(type, key.public_data()).value()));
    CHECK_FALSE(other.belongs_to(PublicKey::parse(type, key.public_data()).value()));
  }
  CHECK_FALSE(
      PrivateKey::generate(KeyType::ed25519)
          .belongs_to(
              PublicKey::parse(KeyType::rsa, PrivateKey::generate(KeyType::rsa, 1024).public_data())
                  .value()));
}

// Damage is found when the file is read, and not by those who get the mail. (OpenSSL makes up for a
// damaged prime with d, and for a damaged d with the primes.)
TEST_CASE("an RSA key whose numbers do not fit together is refused, or signs well", "[crypto]") {
  const Bytes whole = der_of("rsa-pkcs1.pem");
  REQUIRE(PrivateKey::parse_der(whole));
  std::size_t refused = 0;
  std::size_t changed = 0;
  for (std::size_t at = 8; at < whole.size(); at += 7) {  // behind the outermost headers
    Bytes damaged = whole;
    damaged[at] ^= 0x10;
    ++changed;
    const auto key = PrivateKey::parse_der(damaged);
    refused += key ? 0 : 1;
    CHECK((!key || verifies(*key)));
  }
  CHECK(refused > changed / 10);
}

}  // namespace sekisho::crypto
