// TLSA records (RFC 6698) as mail uses them (RFC 7671, RFC 7672).
#pragma once

#include "crypto/certificate.hpp"
#include "dns/answer.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sekisho::dane {

/// Why senders of mail ignore a record.
enum class Unusable : std::uint8_t {
  none,              ///< It is usable.
  public_authority,  ///< Usage 0 or 1 (RFC 7672 §3.1.3).
  unknown_usage,
  unknown_selector,
  unknown_matching,
  wrong_length,  ///< Not that of the digest.
  no_data,
};
[[nodiscard]] Unusable usability_of(const dns::CertificateAssociation& record);
[[nodiscard]] std::string_view format_unusable(Unusable reason);

/// `3 1 1 8d02…`, as in a zone file.
[[nodiscard]] std::string format_record(const dns::CertificateAssociation& record);

/// The record with usage 3 or 2, selector 0 or 1 and matching 0, 1 or 2 for a certificate. Nullopt
/// for other numbers.
[[nodiscard]] std::optional<dns::CertificateAssociation> record_for(
    const crypto::Certificate& certificate, std::uint8_t usage, std::uint8_t selector,
    std::uint8_t matching);

/// Returns true if the record is that of the certificate, whatever its usage.
[[nodiscard]] bool matches(const dns::CertificateAssociation& record,
                           const crypto::Certificate& certificate);

}  // namespace sekisho::dane
