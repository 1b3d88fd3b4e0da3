// OpenSSL's objects with their owners. For the sources of this room only; nothing else includes it.
#pragma once

#include "c_ptr.hpp"
#include "crypto/digest.hpp"

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

namespace sekisho::crypto {

using AlgorithmIdentifier = CPtr<X509_ALGOR, &X509_ALGOR_free>;
using BasicIo = CPtr<BIO, &BIO_free_all>;
using BigNumber = CPtr<BIGNUM, &BN_clear_free>;  // may be a secret
using BitString = CPtr<ASN1_BIT_STRING, &ASN1_BIT_STRING_free>;
using Key = CPtr<EVP_PKEY, &EVP_PKEY_free>;
using NumberContext = CPtr<BN_CTX, &BN_CTX_free>;
using KeyContext = CPtr<EVP_PKEY_CTX, &EVP_PKEY_CTX_free>;
using DigestContext = CPtr<EVP_MD_CTX, &EVP_MD_CTX_free>;
using WrappedPrivateKey = CPtr<PKCS8_PRIV_KEY_INFO, &PKCS8_PRIV_KEY_INFO_free>;

/// OpenSSL's own description of an algorithm, fetched once a process.
[[nodiscard]] const EVP_MD* openssl_digest(HashAlgorithm algorithm);

/// Takes back what OpenSSL puts into the thread's error queue during its life: hostile keys fail
/// often, and nobody reads that queue.
class ErrorMark {
 public:
  ErrorMark() { ERR_set_mark(); }
  ErrorMark(const ErrorMark&) = delete;
  ErrorMark(ErrorMark&&) = delete;
  ErrorMark& operator=(const ErrorMark&) = delete;
  ErrorMark& operator=(ErrorMark&&) = delete;
  ~ErrorMark() { ERR_pop_to_mark(); }
};

}  // namespace sekisho::crypto
