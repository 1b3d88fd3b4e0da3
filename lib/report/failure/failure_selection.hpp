// Selects the failure reports for a message (RFC 9991 §2, RFC 9989 §4.7 fo=).
#pragma once

#include "findings/findings.hpp"
#include "mail/header_field.hpp"
#include "policy/disposition.hpp"
#include "report/failure/options.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace sekisho::report::failure {

/// The subject of a report: DMARC (fo=0 and 1), a signature (fo=d), SPF (fo=s).
enum class FailureKind : std::uint8_t { dmarc, dkim, spf };

struct SelectedReport {
  FailureKind kind = FailureKind::dmarc;
  std::size_t signature = 0;  ///< Index in Findings::dkim, for FailureKind::dkim.

  bool operator==(const SelectedReport&) const = default;
};

/// A message with the results of its evaluation.
struct EvaluatedMessage {
  findings::Findings findings;
  mail::HeaderSection header;
  policy::Action action = policy::Action::accept;
  std::chrono::sys_seconds arrival;
};

/// Returns the reports in the order of fo=. None for mail from inside or without exactly one author
/// domain; for a message that the MTA will offer again (tempfail); if the record has no ruf= or
/// belongs to a public suffix (psd=y); if the result is temporary. Also none for what may be a
/// report or an automatic reply: a null sender, Auto-Submitted (RFC 3834 §2), multipart/report.
[[nodiscard]] std::vector<SelectedReport> select_failure_reports(const EvaluatedMessage& message,
                                                                 const FailureOptions& options);

/// Returns true if the signature's d=, or the domain that SPF checked, is aligned with the author
/// domain (RFC 9989 §4.4), judged by their names.
[[nodiscard]] bool is_aligned_domain(const mail::Domain& domain, const dmarc::Result& dmarc,
                                     dmarc::AlignmentMode mode);

}  // namespace sekisho::report::failure
