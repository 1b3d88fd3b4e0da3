#include "report/aggregate_sender/send_result.hpp"

#include <algorithm>
#include <utility>

namespace sekisho::report::aggregate_sender {

std::string_view format_outcome(Outcome outcome) {
  switch (outcome) {
    case Outcome::sent:
      return "sent";
    case Outcome::prepared:
      return "prepared";
    case Outcome::sent_before:
      return "sent before";
    case Outcome::excluded:
      return "excluded";
    case Outcome::nobody:
      return "nobody";
    case Outcome::too_large:
      return "too large";
    case Outcome::deferred:
      return "deferred";
    case Outcome::unreachable:
      return "unreachable";
  }
  std::unreachable();
}

bool has_delivery(const Report& report, mailer::DeliveryStatus status) {
  return std::ranges::any_of(
      report.posted, [status](const Posted& posted) { return posted.delivery.status == status; });
}

bool has_rest(const Report& report) {
  return has_delivery(report, mailer::DeliveryStatus::deferred) ||
         has_delivery(report, mailer::DeliveryStatus::unreachable) ||
         std::ranges::any_of(report.ignored, &recipients::Ignored::temporary);
}

Outcome outcome_of(const Report& report) {
  if (has_delivery(report, mailer::DeliveryStatus::sent)) {
    return Outcome::sent;
  }
  if (has_delivery(report, mailer::DeliveryStatus::unreachable)) {
    return Outcome::unreachable;
  }
  return has_rest(report) ? Outcome::deferred : Outcome::nobody;
}

std::string reason_of(const Report& report) {
  if (!report.posted.empty()) {
    return report.posted.back().delivery.reply;
  }
  return report.ignored.empty() ? "" : report.ignored.back().reason;
}

}  // namespace sekisho::report::aggregate_sender
