// What one message adds to the aggregate report about its author domain (RFC 9990 §3.1).
#pragma once

#include "findings/findings.hpp"
#include "report/format/aggregate.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace sekisho::report::store {

/// A record of an aggregate report, and the DMARC record that requests the report. All text is
/// UTF-8 without control characters.
struct Observation {
  std::chrono::sys_seconds seen;
  format::PolicyPublished policy;      ///< Its domain receives the report.
  std::vector<std::string> addresses;  ///< rua=, as published.
  format::AggregateRecord record;      ///< `count` messages with equal results.

  bool operator==(const Observation&) const = default;
};

/// Returns the UTC day whose report the observation belongs to.
[[nodiscard]] inline std::chrono::sys_days day_of(const Observation& observation) {
  return std::chrono::floor<std::chrono::days>(observation.seen);
}

/// Returns what to report about a message. Nullopt if nothing is to be reported: the message has no
/// DMARC record, or one without rua=; it did not come from outside; or its client has no address.
///
/// `enforced` is the part of the author's policy that was applied, whatever else was done to the
/// message; `override` is our reason for not applying it. A failure that was not treated as
/// published always has a reason (RFC 9990 §3.1.1.9).
[[nodiscard]] std::optional<Observation> observe(const findings::Findings& findings,
                                                 dmarc::Policy enforced,
                                                 const std::optional<findings::Override>& override,
                                                 std::chrono::system_clock::time_point now);

}  // namespace sekisho::report::store
