// Keys and certificates of mail hosts and their authorities, for tests.
#pragma once

#include "c_ptr.hpp"
#include "crypto/certificate.hpp"

#include <chrono>
#include <string>

#include <openssl/evp.h>
#include <openssl/x509.h>

namespace sekisho::test {

/// Of a certificate, from its first second to its last one.
struct Validity {
  std::chrono::sys_seconds begin = std::chrono::sys_days(std::chrono::year(2026) / 1 / 1);
  std::chrono::sys_seconds end = std::chrono::sys_days(std::chrono::year(2027) / 1 / 1);
};

struct Identity {
  CPtr<EVP_PKEY, &EVP_PKEY_free> key;
  CPtr<X509, &X509_free> certificate;

  [[nodiscard]] std::string pem() const;  ///< Of the certificate.
  [[nodiscard]] crypto::Certificate parsed() const;
};

/// Without an issuer it signs itself. An authority may issue.
[[nodiscard]] Identity make_identity(const std::string& name, const Identity* issuer = nullptr,
                                     bool is_authority = false, const Validity& validity = {});

/// A file of certificates that goes with the object.
class AuthorityFile {
 public:
  explicit AuthorityFile(const std::string& pem);
  AuthorityFile(const AuthorityFile&) = delete;
  AuthorityFile& operator=(const AuthorityFile&) = delete;
  ~AuthorityFile();
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace sekisho::test
