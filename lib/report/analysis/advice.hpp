// Whether a domain can publish a stricter DMARC policy (RFC 9989 §5.1, §7.4), from what reports
// say of its mail.
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
  publish,    ///< There is no record: the first one.
  advance,    ///< The next policy.
  stay,       ///< First do what is to be done, or wait.
  step_back,  ///< Mail of the domain's own is being lost.
  done,       ///< p=reject, and nothing is amiss.
};
[[nodiscard]] std::string_view format_advice_step(AdviceStep step);

/// The rule. Of the mail that may be the domain's own (all but that of `nobody`), what fails must
/// be below a share before the next policy is taken.
///
/// at risk: what `own` addresses and `strangers` send. A stranger counts that was seen on three
/// days at least: a service that sends for the domain goes on, a forger moves on. changed: what
/// lists and forwarders change; quarantine finds it in a folder, reject loses it, for which RFC
/// 9989 §7.4 warns domains with people behind them.
struct AdviceRule {
  std::size_t days_for_quarantine = 14;  ///< With reports.
  std::size_t days_for_reject = 28;
  std::uint64_t messages = 100;  ///< Of its own: below, nothing can be told.
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
  double at_risk = 0;  ///< Shares of the mail that may be its own.
  double changed = 0;
  double spf_only = 0;
  std::vector<std::string> reasons;  ///< Why, for people.
  std::vector<std::string> to_do;    ///< For people: a sender each, and what the record lacks.
  std::string record;                ///< To be published at _dmarc of the domain.
};

/// `record_text`: the record that is published; nullopt: none. One that cannot be used counts as
/// none.
[[nodiscard]] Advice advise(const DomainEvidence& evidence,
                            const std::optional<std::string>& record_text,
                            const AdviceRule& rule = {});

/// The record with another policy, its other tags as they are, but for t=, and for those that RFC
/// 9989 gave up: pct=, rf=, ri=.
[[nodiscard]] std::string with_policy(std::string_view record_text, dmarc::Policy policy);

}  // namespace sekisho::report::analysis
