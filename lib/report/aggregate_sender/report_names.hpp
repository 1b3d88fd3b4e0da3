// What one report is called: in its XML, its Subject, its file name (RFC 9990 §3.5.1, §3.5.2).
#pragma once

#include "mail/domain.hpp"
#include "report/format/aggregate.hpp"
#include "report/format/period.hpp"

#include <string>

namespace sekisho::report::aggregate_sender {

struct ReportNames {
  std::string report_id;
  std::string subject;
  std::string file_name;   ///< With `.xml.gz`.
  std::string message_id;  ///< Without angle brackets.

  bool operator==(const ReportNames&) const = default;
};

/// 32 letters and digits that follow from whose report it is, about whom, and when: the same
/// whichever host makes it and however often.
[[nodiscard]] std::string unique_id(const mail::Domain& submitter, const std::string& policy_domain,
                                    const format::Period& period);

/// `period.end` is the first second after it; the names and the XML have the last one within, as
/// RFC 9990's sample does.
[[nodiscard]] ReportNames names_of(const std::string& unique_id, const mail::Domain& submitter,
                                   const std::string& policy_domain, const format::Period& period,
                                   format::Form form);

[[nodiscard]] format::Period stated_period(const format::Period& period);

}  // namespace sekisho::report::aggregate_sender
