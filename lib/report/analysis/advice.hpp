// Advises if a domain can publish a stricter DMARC policy (RFC 9989 §5.1, §7.4), from the reports
// about its mail.
#pragma once

#include "dmarc/record.hpp"
#include "report/analysis/evidence.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::report::analysis {

enum class AdviceStep : std::uint8_t {
  publish,    ///< There is no record: publish the first one.
  advance,    ///< Publish the next policy.
  stay,       ///< First solve the problems listed, or wait.
  step_back,  ///< Legitimate mail of the domain is lost.
  done,       ///< p=reject, without problems.
};
[[nodiscard]] std::string_view format_advice_step(AdviceStep step);

/// Thresholds. Before the next policy is advised, the share of failing mail must be below a limit.
/// The base is the mail that may belong to the domain: all but that of SenderKind::nobody.
///
/// at risk: failing mail from own addresses and from strangers. A stranger counts if seen on at
/// least three days: a service that sends for the domain stays, a forger moves on. changed: mail
/// that lists and forwarders changed. Under quarantine it arrives in a folder, under reject it is
/// lost; RFC 9989 §7.4 warns domains of people of this.
struct AdviceRule {
  std::size_t days_for_quarantine = 14;  ///< Days with reports.
  std::size_t days_for_reject = 28;
  std::uint64_t messages = 100;  ///< Messages of its own; with fewer, no advice.
  double at_risk_for_quarantine = 0.02;
  double at_risk_for_reject = 0.005;
  double changed_for_reject = 0.01;
  double at_risk_to_leave_quarantine = 0.10;  ///< Above: back to none.
  double at_risk_to_leave_reject = 0.05;      ///< Above: back to quarantine.
  std::size_t days_of_stranger = 3;
};

struct Advice {
  AdviceStep step = AdviceStep::stay;
  std::optional<dmarc::Policy> current;  ///< Nullopt: no record.
  dmarc::Policy next = dmarc::Policy::none;
  double at_risk = 0;  ///< Shares of mail that may belong to the domain.
  double changed = 0;
  double spf_only = 0;
  std::vector<std::string> reasons;  ///< Why, for people.
  std::vector<std::string> to_do;    ///< For people: one a sender, and faults of the record.
  std::string record;                ///< Record to publish at _dmarc of the domain.
};

/// `record_text` is the published record; nullopt if there is none. An invalid record counts as
/// none.
[[nodiscard]] Advice advise(const DomainEvidence& evidence,
                            const std::optional<std::string>& record_text,
                            const AdviceRule& rule = {});

/// Returns the record with another policy. Other tags are unchanged, except t= and the tags that
/// RFC 9989 removed: pct=, rf=, ri=.
[[nodiscard]] std::string with_policy(std::string_view record_text, dmarc::Policy policy);

}  // namespace sekisho::report::analysis
