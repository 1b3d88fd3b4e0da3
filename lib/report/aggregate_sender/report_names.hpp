// The names of a report in its XML, its Subject and its file name (RFC 9990 §3.5.1, §3.5.2).
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

/// Returns 32 letters and digits derived from submitter, policy domain and period: every host and
/// every attempt gets the same.
[[nodiscard]] std::string unique_id(const mail::Domain& submitter, const std::string& policy_domain,
                                    const format::Period& period);

/// Returns the names. `period.end` is the first second after the period; names and XML contain its
/// last second, as in the sample of RFC 9990.
[[nodiscard]] ReportNames names_of(const std::string& unique_id, const mail::Domain& submitter,
                                   const std::string& policy_domain, const format::Period& period,
                                   format::Form form);

[[nodiscard]] format::Period stated_period(const format::Period& period);

}  // namespace sekisho::report::aggregate_sender
