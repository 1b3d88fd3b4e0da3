#include "report/aggregate_sender/send_result.hpp"

#include <algorithm>
#include <utility>

namespace sekisho::report::aggregate_sender {

std::string_view format_send_outcome(SendOutcome outcome) {
  switch (outcome) {
    case SendOutcome::sent:
      return "sent";
    case SendOutcome::prepared:
      return "prepared";
    case SendOutcome::sent_before:
      return "sent before";
    case SendOutcome::excluded:
      return "excluded";
    case SendOutcome::nobody:
      return "nobody";
    case SendOutcome::too_large:
      return "too large";
    case SendOutcome::deferred:
      return "deferred";
    case SendOutcome::unreachable:
      return "unreachable";
  }
  std::unreachable();
}

bool has_delivery(const SendResult& result, mailer::DeliveryStatus status) {
  return std::ranges::any_of(result.deliveries, [status](const RecipientDelivery& deliveries) {
    return deliveries.delivery.status == status;
  });
}

bool has_rest(const SendResult& result) {
  return has_delivery(result, mailer::DeliveryStatus::deferred) ||
         has_delivery(result, mailer::DeliveryStatus::unreachable) ||
         std::ranges::any_of(result.ignored, &recipients::IgnoredUri::temporary);
}

SendOutcome outcome_of(const SendResult& result) {
  if (has_delivery(result, mailer::DeliveryStatus::sent)) {
    return SendOutcome::sent;
  }
  if (has_delivery(result, mailer::DeliveryStatus::unreachable)) {
    return SendOutcome::unreachable;
  }
  return has_rest(result) ? SendOutcome::deferred : SendOutcome::nobody;
}

std::string reason_of(const SendResult& result) {
  if (!result.deliveries.empty()) {
    return result.deliveries.back().delivery.reply;
  }
  return result.ignored.empty() ? "" : result.ignored.back().reason;
}

}  // namespace sekisho::report::aggregate_sender
