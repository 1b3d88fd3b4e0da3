// Which failure reports a message makes, if any (RFC 9991 §2, RFC 9989 §4.7 fo=).
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

/// What a report is about: DMARC (fo=0 and 1), a signature (fo=d), SPF (fo=s).
enum class FailureKind : std::uint8_t { dmarc, dkim, spf };

struct SelectedReport {
  FailureKind kind = FailureKind::dmarc;
  std::size_t signature = 0;  ///< Of Findings::dkim, for a report about one.

  bool operator==(const SelectedReport&) const = default;
};

/// A message as it was judged.
struct EvaluatedMessage {
  findings::Findings findings;
  mail::HeaderSection header;
  policy::Action action = policy::Action::accept;
  std::chrono::sys_seconds arrival;
};

/// In the order of fo=. None for mail of our own or without one author domain, for one that the MTA
/// will offer again (tempfail), where the record has no ruf= or is a public suffix's (psd=y), and
/// where the DNS left the result open. None, either, about what may itself be a report or an answer
/// of a machine: the null sender, Auto-Submitted (RFC 3834 §2), multipart/report.
[[nodiscard]] std::vector<SelectedReport> select_failure_reports(const EvaluatedMessage& message,
                                                                 const FailureOptions& options);

/// Whether the signature's d=, or the domain that SPF checked, is aligned with the author domain
/// (RFC 9989 §4.4), as far as their names tell.
[[nodiscard]] bool is_aligned_domain(const mail::Domain& domain, const dmarc::Result& dmarc,
                                     dmarc::AlignmentMode mode);

}  // namespace sekisho::report::failure
