#include "support/identity.hpp"

#include "support/descriptor.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <new>
#include <span>

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace sekisho::test {

namespace {

using Bio = CPtr<BIO, &BIO_free_all>;
using Extension = CPtr<X509_EXTENSION, &X509_EXTENSION_free>;

void check(bool succeeded) {
  if (!succeeded) {
    throw std::bad_alloc();
  }
}

void add_extension(X509& certificate, int id, const std::string& value) {
  const Extension extension(X509V3_EXT_conf_nid(nullptr, nullptr, id, value.c_str()));
  check(extension && X509_add_ext(&certificate, extension.get(), -1) == 1);
}

std::string text_of(BIO& memory) {
  std::string text(BIO_ctrl_pending(&memory), '\0');
  check(BIO_read(&memory, text.data(), static_cast<int>(text.size())) ==
        static_cast<int>(text.size()));
  return text;
}

}  // namespace

Identity make_identity(const std::string& name, const Identity* issuer, bool is_authority,
                       const Validity& validity) {
  Identity made{CPtr<EVP_PKEY, &EVP_PKEY_free>(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")),
                CPtr<X509, &X509_free>(X509_new())};
  check(made.key && made.certificate);
  X509& certificate = *made.certificate;
  static int serial = 0;
  X509_set_version(&certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(&certificate), ++serial);
  ASN1_TIME_set(X509_getm_notBefore(&certificate), validity.begin.time_since_epoch().count());
  ASN1_TIME_set(X509_getm_notAfter(&certificate), validity.end.time_since_epoch().count());
  X509_set_pubkey(&certificate, made.key.get());
  X509_NAME* const subject = X509_get_subject_name(&certificate);
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(name.data()),
                             static_cast<int>(name.size()), -1, 0);
  X509_set_issuer_name(
      &certificate, issuer == nullptr ? subject : X509_get_subject_name(issuer->certificate.get()));
  add_extension(certificate, NID_subject_alt_name, "DNS:" + name);
  add_extension(certificate, NID_basic_constraints, is_authority ? "CA:TRUE" : "CA:FALSE");
  EVP_PKEY* const signer = issuer == nullptr ? made.key.get() : issuer->key.get();
  check(X509_sign(&certificate, signer, nullptr) > 0);
  return made;
}

std::string Identity::pem() const {
  const Bio memory(BIO_new(BIO_s_mem()));
  check(memory && PEM_write_bio_X509(memory.get(), certificate.get()) == 1);
  return text_of(*memory);
}

crypto::Certificate Identity::parsed() const {
  return crypto::Certificate::parse(pem()).value();
}

AuthorityFile::AuthorityFile(const std::string& pem) {
  std::string name = (std::filesystem::temp_directory_path() / "sekisho-authority.XXXXXX").string();
  const Descriptor file(::mkstemp(name.data()));
  path_ = name;
  std::ofstream(path_) << pem;
}

AuthorityFile::~AuthorityFile() {
  std::error_code ignored;
  std::filesystem::remove(path_, ignored);
}

}  // namespace sekisho::test
