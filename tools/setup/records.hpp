// The DNS records that setup asks the owner of a domain to publish, and how they look.
#pragma once

#include "tools/setup/facts.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::tools::setup {

enum class RecordKind : std::uint8_t { spf, dkim, dmarc, tls_reporting };
[[nodiscard]] std::string_view format_record_kind(RecordKind kind);

enum class RecordState : std::uint8_t {
  published,
  missing,
  differs,  ///< There is one that does not do what is wanted.
  unknown,  ///< The DNS does not answer.
};
[[nodiscard]] std::string_view format_record_state(RecordState state);

/// A TXT record.
struct Record {
  RecordKind kind = RecordKind::spf;
  std::string name;
  std::string text;
  RecordState state = RecordState::missing;
  std::string remark;  ///< Of a record that differs: what to do.
};

/// What the owner of the domains decides.
struct RecordChoices {
  std::string report_address;  ///< For reports; empty: postmaster of each domain.
  bool tls_reporting = false;  ///< RFC 8460
};

/// Returns SPF (RFC 7208), the keys that are there (RFC 6376), DMARC with p=none (RFC 9989) and, if
/// wanted, TLS-RPT (RFC 8460 §3), in this order.
[[nodiscard]] std::vector<Record> records_for(const DomainFacts& domain, const Facts& facts,
                                              const RecordChoices& choices);

/// The records that are not published yet, in the forms that providers take: for a zone file, for a
/// web form and, for those over 255 octets, as quoted strings.
[[nodiscard]] std::string format_records(const std::string& domain,
                                         const std::vector<Record>& records);

}  // namespace sekisho::tools::setup
