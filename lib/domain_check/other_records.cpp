#include "domain_check/other_records.hpp"

#include "crypto/digest.hpp"
#include "dkim/key_record.hpp"

#include <string>

namespace sekisho::domain_check {

namespace {

bool is_revoked_key(const std::string& text) {
  constexpr std::size_t any_size = 16'384;
  const auto record = dkim::parse_key_record(text, any_size);
  return !record && record.error().fault == dkim::Fault::key_revoked;
}

bool answers(Examination& examination, const std::string& name) {
  const dns::Answer answer = examination.ask_for(Check::wildcard_txt, name, dns::RecordType::txt);
  for (const std::string& text : texts_of(answer)) {
    if (!is_revoked_key(text)) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::string unused_label(const mail::Domain& domain) {
  constexpr std::size_t octets = 6;
  constexpr std::string_view letters = "abcdefghijklmnop";
  std::string label = "nx-";
  crypto::Digest digest(crypto::HashAlgorithm::sha256);
  digest.update(domain.text());
  const auto hash = digest.finish();
  for (std::size_t i = 0; i < octets; ++i) {
    label += letters[hash[i] >> 4U];
    label += letters[hash[i] & 15U];
  }
  return label;
}

// RFC 8659 §3: the closest name at or above the domain that has records.
void check_certification_authorities(Examination& examination) {
  const std::string& domain = examination.domain.text();
  for (std::size_t labels = examination.domain.label_count(); labels > 0; --labels) {
    const std::string name = examination.domain.suffix(labels).text();
    const dns::Answer answer = examination.ask_for(Check::caa_none, name, dns::RecordType::caa);
    if (dns::is_temporary(answer.status)) {
      return;
    }
    if (answer.status == dns::Status::found) {
      examination.outcomes.good(Check::caa_none, domain);
      return;
    }
  }
  examination.outcomes.bad(Check::caa_none, domain, "no CAA record").publish =
      domain + ". 3600 IN CAA 0 issue \"ca.example\"";
}

void check_wildcard(Examination& examination) {
  const std::string label = unused_label(examination.domain);
  const std::string& domain = examination.domain.text();
  for (const std::string& name :
       {"_dmarc." + label + '.' + domain, label + "._domainkey." + domain}) {
    if (answers(examination, name)) {
      examination.outcomes.bad(Check::wildcard_txt, "*." + domain,
                               "a wildcard answers for " + name);
      return;
    }
  }
}

}  // namespace sekisho::domain_check
