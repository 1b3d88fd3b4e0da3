#include "crypto/certificate.hpp"

#include "crypto/openssl.hpp"

#include <ctime>
#include <utility>

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

namespace sekisho::crypto {

namespace {

using Names = CPtr<GENERAL_NAMES, &GENERAL_NAMES_free>;

constexpr std::size_t max_names = 100;

std::shared_ptr<x509_st> owned(X509* certificate) {
  return {certificate, &X509_free};
}

// OPENSSL_free() is a macro.
void free_octets(unsigned char* octets) {
  OPENSSL_free(octets);
}
using Octets = CPtr<unsigned char, &free_octets>;

std::chrono::sys_seconds seconds_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) {
    return {};
  }
  return std::chrono::sys_seconds(std::chrono::seconds(timegm(&parts)));
}

// No password is asked for.
int no_password(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*user*/) {
  return -1;
}

}  // namespace

std::optional<Certificate> Certificate::parse(std::string_view file) {
  if (file.size() > max_octets) {
    return std::nullopt;
  }
  const ErrorMark mark;
  const BasicIo bio(BIO_new_mem_buf(file.data(), static_cast<int>(file.size())));
  if (auto certificate = owned(PEM_read_bio_X509(bio.get(), nullptr, no_password, nullptr))) {
    return Certificate(std::move(certificate));
  }
  return from_der(
      {reinterpret_cast<const std::uint8_t*>(file.data()), file.size()});  // NOLINT: octets
}

std::optional<Certificate> Certificate::from_der(std::span<const std::uint8_t> der) {
  if (der.size() > max_octets) {
    return std::nullopt;
  }
  const ErrorMark mark;
  const unsigned char* data = der.data();
  auto certificate = owned(d2i_X509(nullptr, &data, static_cast<long>(der.size())));
  if (!certificate || data != der.data() + der.size()) {
    return std::nullopt;
  }
  return Certificate(std::move(certificate));
}

Bytes Certificate::der() const {
  unsigned char* data = nullptr;
  const int size = i2d_X509(certificate_.get(), &data);
  const Octets owner(data);
  return size > 0 ? Bytes(data, data + size) : Bytes{};
}

Bytes Certificate::public_key_der() const {
  unsigned char* data = nullptr;
  const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate_.get()), &data);
  const Octets owner(data);
  return size > 0 ? Bytes(data, data + size) : Bytes{};
}

std::chrono::sys_seconds Certificate::not_before() const {
  return seconds_of(X509_get0_notBefore(certificate_.get()));
}

std::chrono::sys_seconds Certificate::not_after() const {
  return seconds_of(X509_get0_notAfter(certificate_.get()));
}

std::vector<std::string> Certificate::names() const {
  const Names alternatives(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate_.get(), NID_subject_alt_name, nullptr, nullptr)));
  std::vector<std::string> names;
  for (int i = 0; alternatives && i < sk_GENERAL_NAME_num(alternatives.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(alternatives.get(), i);
    if (name->type != GEN_DNS || names.size() == max_names) {
      continue;
    }
    const auto* data = ASN1_STRING_get0_data(name->d.dNSName);
    const auto size = static_cast<std::size_t>(ASN1_STRING_length(name->d.dNSName));
    names.emplace_back(data, data + size);
  }
  return names;
}

}  // namespace sekisho::crypto
