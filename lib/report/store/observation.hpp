// What one message adds to the feedback about its author's domain (RFC 9990 §3.1).
#pragma once

#include "findings/findings.hpp"
#include "report/format/aggregate.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace sekisho::report::store {

/// A record of an aggregate report, and the DMARC record that asked for it. All text is UTF-8
/// without control characters.
struct Observation {
  std::chrono::sys_seconds seen;
  format::PolicyPublished policy;      ///< Its domain is the one that gets the report.
  std::vector<std::string> addresses;  ///< rua=, as published.
  format::AggregateRecord record;      ///< `count` messages that fared alike.

  bool operator==(const Observation&) const = default;
};

/// The UTC day whose report it belongs to.
[[nodiscard]] inline std::chrono::sys_days day_of(const Observation& observation) {
  return std::chrono::floor<std::chrono::days>(observation.seen);
}

/// What of the policy that its author publishes was done to a message that fails DMARC.
/// Nullopt: nobody is to be told of the message. That is so where it has no DMARC record, or one
/// without a rua=; where it did not come from outside; where its client has no address.
///
/// `enforced` is what came of the author's policy, whatever else was done to the message;
/// `override`, the reason of ours why it was not applied. A failure
/// that was treated otherwise than published has a reason always (RFC 9990 §3.1.1.9).
[[nodiscard]] std::optional<Observation> observe(const findings::Findings& findings,
                                                 dmarc::Policy enforced,
                                                 const std::optional<findings::Override>& override,
                                                 std::chrono::system_clock::time_point now);

}  // namespace sekisho::report::store
