// SMTP TLS reports, and their reader (RFC 8460 §4).
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

/// Sessions with the same failure (RFC 8460 §4.3, §4.4).
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
  std::string digest;  ///< Of the text, if there is no report_id.

  bool operator==(const TlsReport&) const = default;
};

struct TlsLimits {
  std::size_t octets = std::size_t{16} << 20U;  ///< Of the document, which is held in memory.
  std::size_t depth = 16;                       ///< Of nested objects and arrays.
  std::size_t text_octets = 4'096;              ///< Of a string; the rest is cut.
  std::size_t entries = 100'000;                ///< Policies, failures, lines and hosts in all.
};

struct TlsReading {
  TlsReport report;
  std::vector<ReportNote> notes;
};

/// Returns the report of a document, or the reports of a list. Unknown keys are ignored. A number
/// may be a string or have a zero fraction; a single object may replace a list of one. The error is
/// for people; without one there is at least one report.
[[nodiscard]] std::expected<std::vector<TlsReading>, std::string> read_tls_reports(
    const ByteSource& source, const TlsLimits& limits);

}  // namespace sekisho::report::format
