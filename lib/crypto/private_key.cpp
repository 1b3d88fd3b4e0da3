#include "crypto/private_key.hpp"

#include "crypto/openssl.hpp"

#include <mutex>
#include <new>
#include <optional>
#include <stdexcept>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

namespace sekisho::crypto {

namespace {

constexpr std::size_t ed25519_key_size = 32;

using Error = PrivateKeyError;
using Parsed = std::expected<std::shared_ptr<EVP_PKEY>, Error>;

void require(bool is_done, const char* what) {
  if (!is_done) {
    throw std::runtime_error(std::string("OpenSSL could not ") + what);
  }
}

// RSAPrivateKey (RFC 8017 §A.1.2); nothing may follow it.
Key read_pkcs1(std::span<const std::uint8_t> data) {
  const unsigned char* position = data.data();
  Key key(d2i_PrivateKey(EVP_PKEY_RSA, nullptr, &position, static_cast<long>(data.size())));
  return position == data.data() + data.size() ? std::move(key) : nullptr;
}

Key read_raw_ed25519(std::span<const std::uint8_t> data) {
  return Key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, data.data(), data.size()));
}

// PrivateKeyInfo (RFC 5208 §5, RFC 5958 §2); null where `data` is something else.
WrappedPrivateKey unwrap(std::span<const std::uint8_t> data) {
  const unsigned char* position = data.data();
  WrappedPrivateKey wrapped(
      d2i_PKCS8_PRIV_KEY_INFO(nullptr, &position, static_cast<long>(data.size())));
  return position == data.data() + data.size() ? std::move(wrapped) : nullptr;
}

Parsed or_malformed(Key key) {
  return key ? Parsed(std::move(key)) : std::unexpected(Error::malformed);
}

// EVP_PKCS82PKEY would do this too, and take four times as long.
Key read_wrapped_rsa(const PKCS8_PRIV_KEY_INFO& wrapped) {
  const unsigned char* key = nullptr;
  int size = 0;
  if (PKCS8_pkey_get0(nullptr, &key, &size, nullptr, &wrapped) != 1 || size <= 0) {
    return nullptr;
  }
  return read_pkcs1({key, static_cast<std::size_t>(size)});
}

Parsed read_wrapped_key(const PKCS8_PRIV_KEY_INFO& wrapped) {
  const ASN1_OBJECT* type = nullptr;
  PKCS8_pkey_get0(&type, nullptr, nullptr, nullptr, &wrapped);
  const int id = OBJ_obj2nid(type);
  if (id != NID_rsaEncryption && id != NID_ED25519) {
    return std::unexpected(Error::wrong_type);
  }
  return or_malformed(id == NID_rsaEncryption ? read_wrapped_rsa(wrapped)
                                              : Key(EVP_PKCS82PKEY(&wrapped)));
}

Parsed read_key(std::span<const std::uint8_t> data) {
  if (data.size() == ed25519_key_size) {
    return or_malformed(read_raw_ed25519(data));
  }
  if (const WrappedPrivateKey wrapped = unwrap(data)) {
    return read_wrapped_key(*wrapped);
  }
  return or_malformed(read_pkcs1(data));
}

KeyType type_of(const EVP_PKEY& key) {
  return EVP_PKEY_get_base_id(&key) == EVP_PKEY_RSA ? KeyType::rsa : KeyType::ed25519;
}

std::optional<Error> check_size(const EVP_PKEY& key) {
  const auto bits = static_cast<std::size_t>(EVP_PKEY_get_bits(&key));
  if (bits < PrivateKey::min_rsa_bits) {
    return Error::too_small;
  }
  return bits > PrivateKey::max_rsa_bits ? std::optional(Error::too_large) : std::nullopt;
}

// A block of a PEM file (RFC 7468), wiped when it goes.
class PemBlock {
 public:
  PemBlock() = default;
  PemBlock(const PemBlock&) = delete;
  PemBlock(PemBlock&&) = delete;
  PemBlock& operator=(const PemBlock&) = delete;
  PemBlock& operator=(PemBlock&&) = delete;
  ~PemBlock() {
    OPENSSL_free(label_);
    OPENSSL_free(header_);
    OPENSSL_secure_clear_free(data_, data().size());
  }

  // The next one of the file; false where there is none.
  bool read(BIO& input) {
    return PEM_read_bio_ex(&input, &label_, &header_, &data_, &size_,
                           PEM_FLAG_SECURE | PEM_FLAG_EAY_COMPATIBLE) == 1;
  }
  [[nodiscard]] std::string_view label() const { return label_; }
  // RFC 1421's, which nobody writes but for encryption.
  [[nodiscard]] bool has_header() const { return *header_ != '\0'; }
  [[nodiscard]] std::span<const std::uint8_t> data() const {
    return {data_, static_cast<std::size_t>(size_)};
  }

 private:
  char* label_ = nullptr;
  char* header_ = nullptr;
  unsigned char* data_ = nullptr;
  long size_ = 0;
};

// The first private key of a PEM file; whatever else it holds is passed over.
Parsed read_pem(std::string_view text) {
  const BasicIo input(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  if (!input) {
    throw std::bad_alloc();
  }
  for (;;) {
    PemBlock block;
    if (!block.read(*input)) {
      return std::unexpected(Error::malformed);
    }
    if (!block.label().ends_with("PRIVATE KEY")) {
      continue;
    }
    if (block.label() == PEM_STRING_PKCS8 || block.has_header()) {
      return std::unexpected(Error::encrypted);
    }
    if (block.label() != PEM_STRING_PKCS8INF && block.label() != PEM_STRING_RSA) {
      return std::unexpected(Error::wrong_type);
    }
    return read_key(block.data());
  }
}

// Empty where OpenSSL cannot work with the key.
Bytes sign_rsa(EVP_PKEY& key, HashAlgorithm algorithm, std::span<const std::uint8_t> digest) {
  const KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, &key, nullptr));
  Bytes signature(static_cast<std::size_t>(EVP_PKEY_get_size(&key)));
  std::size_t size = signature.size();
  const bool is_done =
      context && EVP_PKEY_sign_init(context.get()) == 1 &&
      EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) == 1 &&
      EVP_PKEY_CTX_set_signature_md(context.get(), openssl_digest(algorithm)) == 1 &&
      EVP_PKEY_sign(context.get(), signature.data(), &size, digest.data(), digest.size()) == 1;
  signature.resize(is_done ? size : 0);
  return signature;
}

Bytes sign_ed25519(EVP_PKEY& key, std::span<const std::uint8_t> message) {
  const DigestContext context(EVP_MD_CTX_new());
  Bytes signature(static_cast<std::size_t>(EVP_PKEY_get_size(&key)));
  std::size_t size = signature.size();
  const bool is_done =
      context && EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, &key) == 1 &&
      EVP_DigestSign(context.get(), signature.data(), &size, message.data(), message.size()) == 1;
  signature.resize(is_done ? size : 0);
  return signature;
}

Bytes sign_with(EVP_PKEY& key, HashAlgorithm algorithm, std::span<const std::uint8_t> digest) {
  switch (type_of(key)) {
    case KeyType::rsa:
      return sign_rsa(key, algorithm, digest);
    case KeyType::ed25519:
      return sign_ed25519(key, digest);
  }
  std::unreachable();
}

Bytes public_rsa(EVP_PKEY& key) {
  unsigned char* data = nullptr;
  const int size = i2d_PUBKEY(&key, &data);
  require(size > 0, "write a public key");
  Bytes copy(data, data + size);
  OPENSSL_free(data);
  return copy;
}

Bytes public_ed25519(const EVP_PKEY& key) {
  Bytes data(ed25519_key_size);
  std::size_t size = data.size();
  require(EVP_PKEY_get_raw_public_key(&key, data.data(), &size) == 1, "write a public key");
  return data;
}

Bytes public_half(EVP_PKEY& key) {
  switch (type_of(key)) {
    case KeyType::rsa:
      return public_rsa(key);
    case KeyType::ed25519:
      return public_ed25519(key);
  }
  std::unreachable();
}

BigNumber number_of(const EVP_PKEY& key, const char* name) {
  BIGNUM* number = nullptr;
  EVP_PKEY_get_bn_param(&key, name, &number);
  return BigNumber(number);
}

// a·b ≡ 1 (mod m), or mod m-1.
bool is_inverse(const BigNumber& a, const BigNumber& b, const BIGNUM& modulus,
                NumberContext& context) {
  const BigNumber product(BN_new());
  return product && BN_mod_mul(product.get(), a.get(), b.get(), &modulus, context.get()) == 1 &&
         BN_is_one(product.get()) == 1;
}

bool is_inverse_below(const BigNumber& a, const BigNumber& b, const BigNumber& prime,
                      NumberContext& context) {
  const BigNumber below(BN_dup(prime.get()));
  return below && BN_sub_word(below.get(), 1) == 1 && is_inverse(a, b, *below, context);
}

// Whether the numbers of an RSA key with two primes fit together (RFC 8017 §3.2): all that a
// signature is made of. It takes a tenth of the time that making one takes. False also where
// numbers are missing.
bool numbers_fit(const EVP_PKEY& key) {
  constexpr int max_exponent_bits = 64;  // as PublicKey has it
  const BigNumber n = number_of(key, OSSL_PKEY_PARAM_RSA_N);
  const BigNumber e = number_of(key, OSSL_PKEY_PARAM_RSA_E);
  const BigNumber d = number_of(key, OSSL_PKEY_PARAM_RSA_D);
  const BigNumber p = number_of(key, OSSL_PKEY_PARAM_RSA_FACTOR1);
  const BigNumber q = number_of(key, OSSL_PKEY_PARAM_RSA_FACTOR2);
  const BigNumber dp = number_of(key, OSSL_PKEY_PARAM_RSA_EXPONENT1);
  const BigNumber dq = number_of(key, OSSL_PKEY_PARAM_RSA_EXPONENT2);
  const BigNumber inverse = number_of(key, OSSL_PKEY_PARAM_RSA_COEFFICIENT1);
  if (!n || !e || !d || !p || !q || !dp || !dq || !inverse || BN_is_odd(e.get()) != 1 ||
      BN_num_bits(e.get()) > max_exponent_bits || BN_is_odd(p.get()) != 1 ||
      BN_is_odd(q.get()) != 1 || BN_num_bits(p.get()) < 2 || BN_num_bits(q.get()) < 2) {
    return false;
  }
  NumberContext context(BN_CTX_secure_new());
  const BigNumber product(BN_new());
  return context && product && BN_mul(product.get(), p.get(), q.get(), context.get()) == 1 &&
         BN_cmp(product.get(), n.get()) == 0 && is_inverse(inverse, q, *p, context) &&
         is_inverse_below(dp, e, p, context) && is_inverse_below(d, e, p, context) &&
         is_inverse_below(dq, e, q, context) && is_inverse_below(d, e, q, context);
}

// Whether a signature verifies with the public half as verifiers will see it.
bool signs_well(EVP_PKEY& key) {
  const auto verifier = PublicKey::parse(type_of(key), public_half(key));
  const Bytes digest(digest_size(HashAlgorithm::sha256));
  return verifier && verifier->verify(HashAlgorithm::sha256, digest,
                                      sign_with(key, HashAlgorithm::sha256, digest));
}

// A damaged file is found when it is read, and not by those who get the mail.
bool is_consistent(EVP_PKEY& key) {
  return (type_of(key) == KeyType::rsa && numbers_fit(key)) || signs_well(key);
}

}  // namespace

std::string_view format_private_key_error(PrivateKeyError error) {
  switch (error) {
    case PrivateKeyError::malformed:
      return "no valid private key";
    case PrivateKeyError::encrypted:
      return "the key is protected by a passphrase";
    case PrivateKeyError::wrong_type:
      return "the key is neither RSA nor Ed25519";
    case PrivateKeyError::too_small:
      return "the RSA key is shorter than 1024 bits";
    case PrivateKeyError::too_large:
      return "the key is longer than 8192 bits";
  }
  std::unreachable();
}

std::expected<PrivateKey, PrivateKeyError> PrivateKey::check(Parsed parsed) {
  if (!parsed) {
    return std::unexpected(parsed.error());
  }
  const KeyType type = type_of(**parsed);
  if (type == KeyType::rsa) {
    if (const auto error = check_size(**parsed)) {
      return std::unexpected(*error);
    }
  }
  if (!is_consistent(**parsed)) {
    return std::unexpected(Error::malformed);
  }
  return PrivateKey(type, *std::move(parsed));
}

std::expected<PrivateKey, PrivateKeyError> PrivateKey::parse_pem(std::string_view text) {
  const ErrorMark mark;
  return check(text.size() > max_octets ? std::unexpected(Error::too_large) : read_pem(text));
}

std::expected<PrivateKey, PrivateKeyError> PrivateKey::parse_der(
    std::span<const std::uint8_t> data) {
  const ErrorMark mark;
  return check(data.size() > max_octets ? std::unexpected(Error::too_large) : read_key(data));
}

PrivateKey PrivateKey::generate(KeyType type, std::size_t bits) {
  if (type == KeyType::rsa && (bits < min_rsa_bits || bits > max_rsa_bits)) {
    throw std::invalid_argument("an RSA key has 1024 to 8192 bits");
  }
  const ErrorMark mark;
  Key key(type == KeyType::rsa ? EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", bits)
                               : EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  require(key != nullptr, "generate a key");
  return {type, std::move(key)};
}

struct PrivateKey::Deferred {
  std::string source;
  Read read;
  std::mutex mutex;
  std::optional<PrivateKey> key;  // from its first use on
};

PrivateKey PrivateKey::deferred(std::string source, Read read) {
  PrivateKey key(KeyType::rsa, nullptr);
  key.deferred_ = std::make_shared<Deferred>();
  key.deferred_->source = std::move(source);
  key.deferred_->read = std::move(read);
  return key;
}

const PrivateKey& PrivateKey::present() const {
  if (!deferred_) {
    return *this;
  }
  const std::scoped_lock lock(deferred_->mutex);
  if (!deferred_->key) {
    auto read = deferred_->read();
    if (!read) {
      throw std::runtime_error(read.error());
    }
    deferred_->key = *std::move(read);
  }
  return *deferred_->key;  // which never changes from now on
}

bool PrivateKey::is_read() const {
  if (!deferred_) {
    return true;
  }
  const std::scoped_lock lock(deferred_->mutex);
  return deferred_->key.has_value();
}

std::expected<PrivateKey, std::string> PrivateKey::read() const {
  return is_read() ? present() : deferred_->read();
}

bool PrivateKey::is_same(const PrivateKey& other) const {
  const bool is_same_source =
      deferred_ && other.deferred_ && deferred_->source == other.deferred_->source;
  if (is_same_source || (key_ && key_ == other.key_)) {
    return true;
  }
  const auto own = read();
  const auto others = other.read();
  return own && others && own->public_data() == others->public_data();
}

bool PrivateKey::belongs_to(const PublicKey& published) const {
  const ErrorMark mark;
  const PrivateKey& key = present();
  return key.type_ == published.type_ && EVP_PKEY_eq(key.key_.get(), published.key_.get()) == 1;
}

KeyType PrivateKey::type() const {
  return present().type_;
}

std::size_t PrivateKey::bits() const {
  const PrivateKey& key = present();
  switch (key.type_) {
    case KeyType::rsa:
      return static_cast<std::size_t>(EVP_PKEY_get_bits(key.key_.get()));
    case KeyType::ed25519:
      return ed25519_key_size * 8;  // as PublicKey counts
  }
  std::unreachable();
}

Bytes PrivateKey::sign(HashAlgorithm algorithm, std::span<const std::uint8_t> digest) const {
  const ErrorMark mark;
  Bytes signature = sign_with(*present().key_, algorithm, digest);
  require(!signature.empty(), "sign");
  return signature;
}

Bytes PrivateKey::public_data() const {
  const ErrorMark mark;
  return public_half(*present().key_);
}

std::string PrivateKey::pem() const {
  const ErrorMark mark;
  const BasicIo output(BIO_new(BIO_s_secmem()));  // wipes what it held
  require(output && PEM_write_bio_PKCS8PrivateKey(output.get(), present().key_.get(), nullptr,
                                                  nullptr, 0, nullptr, nullptr) == 1,
          "write a private key");
  const char* text = nullptr;
  const long size = BIO_get_mem_data(output.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

}  // namespace sekisho::crypto
