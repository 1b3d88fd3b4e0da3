// The floor below every verifier, in OpenSSL alone: SHA-256 of the bodies and one verification a
// signature. With --sign, below every signer: the bodies, and a signature with RSA-2048 and one
// with Ed25519 for each. Prints CPU seconds per 1000 messages.
#include "bench/corpus.hpp"
#include "c_ptr.hpp"

#include <array>
#include <cstddef>
#include <ctime>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>
#include <openssl/evp.h>
#include <openssl/rsa.h>

using namespace sekisho;

namespace {

using Key = CPtr<EVP_PKEY, &EVP_PKEY_free>;
using Context = CPtr<EVP_PKEY_CTX, &EVP_PKEY_CTX_free>;
using DigestContext = CPtr<EVP_MD_CTX, &EVP_MD_CTX_free>;
using Digest = std::array<unsigned char, 32>;

constexpr Digest digest_to_sign{};

void require(bool is_done) {
  if (!is_done) {
    throw std::runtime_error("OpenSSL could not sign or verify");
  }
}

/// A pair of keys that signs the one digest again and again, or verifies what it signed.
class Rsa {
 public:
  Rsa() { sign(); }

  void sign() {
    const Context context(EVP_PKEY_CTX_new(key_.get(), nullptr));
    require(EVP_PKEY_sign_init(context.get()) == 1);
    set_up(*context);
    std::size_t size = signature_.size();
    require(EVP_PKEY_sign(context.get(), signature_.data(), &size, digest_to_sign.data(),
                          digest_to_sign.size()) == 1);
  }

  void verify() const {
    const Context context(EVP_PKEY_CTX_new(key_.get(), nullptr));
    require(EVP_PKEY_verify_init(context.get()) == 1);
    set_up(*context);
    require(EVP_PKEY_verify(context.get(), signature_.data(), signature_.size(),
                            digest_to_sign.data(), digest_to_sign.size()) == 1);
  }

 private:
  static void set_up(EVP_PKEY_CTX& context) {
    require(EVP_PKEY_CTX_set_rsa_padding(&context, RSA_PKCS1_PADDING) == 1 &&
            EVP_PKEY_CTX_set_signature_md(&context, EVP_sha256()) == 1);
  }

  Key key_{EVP_RSA_gen(2'048)};
  std::array<unsigned char, 256> signature_{};
};

/// The same with Ed25519.
class Ed25519 {
 public:
  Ed25519() { sign(); }

  void sign() {
    const DigestContext context(EVP_MD_CTX_new());
    std::size_t size = signature_.size();
    require(EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1 &&
            EVP_DigestSign(context.get(), signature_.data(), &size, digest_to_sign.data(),
                           digest_to_sign.size()) == 1);
  }

  void verify() const {
    const DigestContext context(EVP_MD_CTX_new());
    require(EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1 &&
            EVP_DigestVerify(context.get(), signature_.data(), signature_.size(),
                             digest_to_sign.data(), digest_to_sign.size()) == 1);
  }

 private:
  Key key_{EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")};
  std::array<unsigned char, 64> signature_{};
};

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

void verify_all(const Work& work, const Rsa& rsa, const Ed25519& ed25519) {
  for (const bool is_rsa : work.signatures) {
    if (is_rsa) {
      rsa.verify();
    } else {
      ed25519.verify();
    }
  }
}

void sign_all(const Work& work, Rsa& rsa, Ed25519& ed25519) {
  for (std::size_t i = 0; i < work.corpus.size(); ++i) {
    rsa.sign();
    ed25519.sign();
  }
}

double processor_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

void run(const std::string& folder, bool signs) {
  constexpr int rounds = 5;
  const Work work = read_work(folder);
  Rsa rsa;
  Ed25519 ed25519;
  const double begin = processor_seconds();
  for (int round = 0; round < rounds; ++round) {
    hash_bodies(work);
    if (signs) {
      sign_all(work, rsa, ed25519);
    } else {
      verify_all(work, rsa, ed25519);
    }
  }
  const double seconds = processor_seconds() - begin;
  std::cout << seconds * 1'000 / rounds / static_cast<double>(work.corpus.size()) << '\n';
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("CPU seconds per 1000 messages that OpenSSL alone takes for CORPUS");
  std::string corpus;
  bool signs = false;
  app.add_flag("--sign", signs, "For signing each message twice, not for verifying it");
  app.add_option("CORPUS", corpus)->required();
  CLI11_PARSE(app, argc, argv);
  try {
    run(corpus, signs);
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "floor: " << error.what() << '\n';
    return 1;
  }
}
