// The floor below every verifier: SHA-256 of the bodies and one verification a signature, in
// OpenSSL alone. Prints CPU seconds per 1000 messages.
#include "bench/corpus.hpp"
#include "c_ptr.hpp"
#include "crypto/private_key.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <string_view>
#include <vector>

#include <openssl/evp.h>
#include <openssl/x509.h>

using namespace sekisho;

namespace {

using Key = CPtr<EVP_PKEY, &EVP_PKEY_free>;
using Context = CPtr<EVP_PKEY_CTX, &EVP_PKEY_CTX_free>;
using DigestContext = CPtr<EVP_MD_CTX, &EVP_MD_CTX_free>;
using Digest = std::array<unsigned char, 32>;

/// A signature over one digest, to be verified again and again.
struct Signed {
  Key key;
  bool is_rsa = true;
  Digest digest{};
  crypto::Bytes signature;
};

Signed make_signed(crypto::KeyType type) {
  const auto secret = crypto::PrivateKey::generate(type);
  const crypto::Bytes data = secret.public_data();
  Signed made;
  made.is_rsa = type == crypto::KeyType::rsa;
  const unsigned char* octets = data.data();
  made.key.reset(made.is_rsa
                     ? d2i_PUBKEY(nullptr, &octets, static_cast<long>(data.size()))
                     : EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, octets, data.size()));
  made.signature = secret.sign(crypto::HashAlgorithm::sha256, made.digest);
  return made;
}

bool verify_rsa(const Signed& made) {
  const Context context(EVP_PKEY_CTX_new(made.key.get(), nullptr));
  return EVP_PKEY_verify_init(context.get()) == 1 &&
         EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) == 1 &&
         EVP_PKEY_CTX_set_signature_md(context.get(), EVP_sha256()) == 1 &&
         EVP_PKEY_verify(context.get(), made.signature.data(), made.signature.size(),
                         made.digest.data(), made.digest.size()) == 1;
}

bool verify_ed25519(const Signed& made) {
  const DigestContext context(EVP_MD_CTX_new());
  return EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, made.key.get()) == 1 &&
         EVP_DigestVerify(context.get(), made.signature.data(), made.signature.size(),
                          made.digest.data(), made.digest.size()) == 1;
}

struct Work {
  std::vector<bench::Case> corpus;
  std::vector<bool> signatures;  ///< One each: true for RSA.
};

bool is_signature(std::string_view name) {
  return name == "DKIM-Signature" || name == "ARC-Seal" || name == "ARC-Message-Signature";
}

Work read_work(const std::string& folder) {
  Work work{bench::read_corpus(folder), {}};
  for (const bench::Case& message : work.corpus) {
    for (const mail::HeaderField& field : message.header) {
      if (is_signature(field.name)) {
        work.signatures.push_back(!field.value.contains("ed25519"));
      }
    }
  }
  return work;
}

void hash_bodies(const Work& work) {
  Digest digest{};
  for (const bench::Case& message : work.corpus) {
    EVP_Digest(message.body.data(), message.body.size(), digest.data(), nullptr, EVP_sha256(),
               nullptr);
  }
}

void verify_all(const Work& work, const Signed& rsa, const Signed& ed25519) {
  for (const bool is_rsa : work.signatures) {
    if (!(is_rsa ? verify_rsa(rsa) : verify_ed25519(ed25519))) {
      throw std::runtime_error("a signature does not verify");
    }
  }
}

double processor_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

void run(const std::string& folder) {
  constexpr int rounds = 5;
  const Work work = read_work(folder);
  const Signed rsa = make_signed(crypto::KeyType::rsa);
  const Signed ed25519 = make_signed(crypto::KeyType::ed25519);
  const double begin = processor_seconds();
  for (int round = 0; round < rounds; ++round) {
    hash_bodies(work);
    verify_all(work, rsa, ed25519);
  }
  const double seconds = processor_seconds() - begin;
  std::cout << seconds * 1'000 / rounds / static_cast<double>(work.corpus.size()) << '\n';
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "Usage: floor CORPUS\n";
    return 2;
  }
  try {
    run(argv[1]);
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "floor: " << error.what() << '\n';
    return 1;
  }
}
