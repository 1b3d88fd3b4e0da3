// What tells one report from another (RFC 9990 §3.5.4): the same for those who sum reports up, who
// keep them, and who draw conclusions.
#pragma once

#include "report/format/aggregate.hpp"
#include "report/format/tls_report.hpp"

#include <cstdint>
#include <string>

namespace sekisho::report::format {

/// Two reports with the same identity are one. There are reporters whose report_id is the same
/// every day, wherefore the time belongs to it, and reports without any, for which a digest of
/// their text stands.
struct ReportIdentity {
  std::string domain;    ///< The one that an aggregate report is about, as mail::Domain has it.
  std::string reporter;  ///< reporter_of()
  std::string id;
  std::int64_t begin = 0;  ///< Of the period, in seconds since 1970; 0 where it is not known.

  /// One string for all of it.
  [[nodiscard]] std::string key() const;
};

[[nodiscard]] ReportIdentity identity_of(const AggregateHeader& header);
[[nodiscard]] ReportIdentity identity_of(const TlsReport& report);

/// What stands for a domain that is none.
inline constexpr const char* no_domain = "(no domain)";

/// For people: who sent a report.
[[nodiscard]] std::string reporter_of(const Metadata& metadata);
[[nodiscard]] std::string reporter_of(const TlsReport& report);

}  // namespace sekisho::report::format
