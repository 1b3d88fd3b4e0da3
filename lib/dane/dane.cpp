#include "dane/dane.hpp"

#include "crypto/digest.hpp"
#include "crypto/hexadecimal.hpp"
#include "crypto/sha512.hpp"

#include <utility>

namespace sekisho::dane {

namespace {

constexpr std::uint8_t usage_authority = 2;
constexpr std::uint8_t usage_certificate = 3;
constexpr std::size_t sha256_octets = 32;
constexpr std::size_t sha512_octets = 64;

std::string text_of(const crypto::Bytes& bytes) {
  return {bytes.begin(), bytes.end()};
}

std::optional<std::string> selected(const crypto::Certificate& certificate, std::uint8_t selector) {
  switch (selector) {
    case 0:
      return text_of(certificate.der());
    case 1:
      return text_of(certificate.public_key_der());
    default:
      return std::nullopt;
  }
}

std::optional<std::string> association(const crypto::Certificate& certificate,
                                       std::uint8_t selector, std::uint8_t matching) {
  const auto data = selected(certificate, selector);
  if (!data || matching > 2) {
    return std::nullopt;
  }
  if (matching == 0) {
    return data;
  }
  if (matching == 2) {
    return text_of(crypto::sha512(*data));
  }
  crypto::Digest digest(crypto::HashAlgorithm::sha256);
  digest.update(*data);
  return text_of(digest.finish());
}

}  // namespace

Unusable usability_of(const dns::CertificateAssociation& record) {
  if (record.usage < usage_authority) {
    return Unusable::public_authority;
  }
  if (record.usage > usage_certificate) {
    return Unusable::unknown_usage;
  }
  if (record.selector > 1) {
    return Unusable::unknown_selector;
  }
  switch (record.matching) {
    case 0:
      return record.data.empty() ? Unusable::no_data : Unusable::none;
    case 1:
      return record.data.size() == sha256_octets ? Unusable::none : Unusable::wrong_length;
    case 2:
      return record.data.size() == sha512_octets ? Unusable::none : Unusable::wrong_length;
    default:
      return Unusable::unknown_matching;
  }
}

std::string_view format_unusable(Unusable reason) {
  switch (reason) {
    case Unusable::none:
      return "usable";
    case Unusable::public_authority:
      return "usage 0 and 1 are not for mail";
    case Unusable::unknown_usage:
      return "unknown usage";
    case Unusable::unknown_selector:
      return "unknown selector";
    case Unusable::unknown_matching:
      return "unknown matching type";
    case Unusable::wrong_length:
      return "the data has not the length of the digest";
    case Unusable::no_data:
      return "no data";
  }
  std::unreachable();
}

std::string format_record(const dns::CertificateAssociation& record) {
  return std::to_string(record.usage) + ' ' + std::to_string(record.selector) + ' ' +
         std::to_string(record.matching) + ' ' + crypto::encode_hexadecimal(record.data);
}

std::optional<dns::CertificateAssociation> record_for(const crypto::Certificate& certificate,
                                                      std::uint8_t usage, std::uint8_t selector,
                                                      std::uint8_t matching) {
  auto data = association(certificate, selector, matching);
  if (!data || usage < usage_authority || usage > usage_certificate) {
    return std::nullopt;
  }
  return dns::CertificateAssociation{usage, selector, matching, *std::move(data)};
}

bool matches(const dns::CertificateAssociation& record, const crypto::Certificate& certificate) {
  const auto data = association(certificate, record.selector, record.matching);
  return data && *data == record.data;
}

}  // namespace sekisho::dane
