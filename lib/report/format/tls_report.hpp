// SMTP TLS reports as values, and their reader (RFC 8460 §4).
#pragma once

#include "report/format/aggregate.hpp"
#include "report/format/byte_source.hpp"
#include "report/format/notes.hpp"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

namespace sekisho::report::format {

/// Sessions that failed alike (RFC 8460 §4.3, §4.4).
struct TlsFailure {
  std::string result_type;
  std::string sending_mta_ip;
  std::string receiving_mx_hostname;
  std::string receiving_mx_helo;
  std::string receiving_ip;
  std::uint64_t sessions = 0;
  std::string additional_information;
  std::string failure_reason_code;

  bool operator==(const TlsFailure&) const = default;
};

struct TlsPolicy {
  std::string type;  ///< tlsa, sts, no-policy-found.
  std::string domain;
  std::vector<std::string> lines;  ///< policy-string.
  std::vector<std::string> mx_hosts;
  std::uint64_t successful_sessions = 0;
  std::uint64_t failed_sessions = 0;
  std::vector<TlsFailure> failures;

  bool operator==(const TlsPolicy&) const = default;
};

/// Text is printable().
struct TlsReport {
  std::string organization_name;
  std::string contact_info;
  std::string report_id;
  std::optional<Period> period;
  std::vector<TlsPolicy> policies;
  std::string digest;  ///< Of the text, where it was read and has no report_id.

  bool operator==(const TlsReport&) const = default;
};

struct TlsLimits {
  std::size_t octets = std::size_t{16} << 20U;  ///< Of the document, which is held in memory.
  std::size_t depth = 16;                       ///< Of objects and arrays in one another.
  std::size_t text_octets = 4'096;              ///< Of a string; what is longer is cut.
  std::size_t entries = 100'000;                ///< Policies, failures, lines and hosts in all.
};

struct TlsReading {
  TlsReport report;
  std::vector<ReportNote> notes;
};

/// The report of a document, or those of a list. Keys that are not known are passed over; a number
/// may stand in a string or have a fraction of nought, a single object stand for a list of one. An
/// error says, for people, what is wrong; where there is none there is a report.
[[nodiscard]] std::expected<std::vector<TlsReading>, std::string> read_tls_reports(
    const ByteSource& source, const TlsLimits& limits);

}  // namespace sekisho::report::format
