// The identity of a report (RFC 9990 §3.5.4), used by summary, store and advice.
#pragma once

#include "report/format/aggregate.hpp"
#include "report/format/tls_report.hpp"

#include <cstdint>
#include <string>

namespace sekisho::report::format {

/// Two reports with the same identity are the same report. It includes the time, since some
/// reporters use the same report_id every day. A digest of the text replaces a missing report_id.
struct ReportIdentity {
  std::string domain;    ///< Policy domain of an aggregate report, as in mail::Domain.
  std::string reporter;  ///< reporter_of()
  std::string id;
  std::int64_t begin = 0;  ///< Begin of the period in seconds since 1970; 0 if unknown.

  /// Returns the identity as one string.
  [[nodiscard]] std::string key() const;
};

[[nodiscard]] ReportIdentity identity_of(const AggregateHeader& header);
[[nodiscard]] ReportIdentity identity_of(const TlsReport& report);

/// Shown in place of an invalid domain.
inline constexpr const char* no_domain = "(no domain)";

/// Returns the name of the reporter, for people.
[[nodiscard]] std::string reporter_of(const Metadata& metadata);
[[nodiscard]] std::string reporter_of(const TlsReport& report);

}  // namespace sekisho::report::format
