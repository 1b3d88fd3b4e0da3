// The outcome of sending one report, and of each of its recipients.
#pragma once

#include "report/format/aggregate.hpp"
#include "report/format/period.hpp"
#include "report/mailer/mailer.hpp"
#include "report/recipients/recipients.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::report::aggregate_sender {

enum class SendOutcome : std::uint8_t {
  sent,         ///< To at least one address; if has_rest(), others are tried again.
  prepared,     ///< Dry run: it would have been sent.
  sent_before,  ///< Sent by another run, or being sent by it.
  excluded,     ///< The domain is one of options.exclude_domains.
  nobody,       ///< No address is left that is authorized and accepts the report.
  too_large,
  deferred,     ///< To be tried again; the reason says why.
  unreachable,  ///< The smarthost accepts no mail; the run ends.
};
[[nodiscard]] std::string_view format_send_outcome(SendOutcome outcome);

/// Outcome for one recipient. In a dry run nothing was delivered.
struct RecipientDelivery {
  std::string address;
  mailer::Delivery delivery;
};

struct SendResult {
  std::string policy_domain;
  format::Period period;
  SendOutcome outcome = SendOutcome::nobody;
  std::string reason;  ///< For people; may be empty.
  std::uint64_t messages = 0;
  std::uint64_t records = 0;  ///< 0 if the report was not made.
  std::size_t octets = 0;     ///< Of the mail.
  format::Form form = format::Form::rfc9990;
  std::string report_id;
  std::string file_name;
  std::vector<RecipientDelivery> deliveries;
  std::vector<recipients::IgnoredUri> ignored;  ///< Did not get the report, and why.
  /// Errors of the DMARC record, for its owner (RFC 9990 §3.1.5).
  std::vector<std::string> errors;
};

/// Returns true if the delivery to a recipient has this status.
[[nodiscard]] bool has_delivery(const SendResult& result, mailer::DeliveryStatus status);

/// Returns true if some recipients are to be tried again.
[[nodiscard]] bool has_rest(const SendResult& result);

/// Returns the outcome that follows from those of the recipients.
[[nodiscard]] SendOutcome outcome_of(const SendResult& result);
/// Returns the last reply or reason of a recipient.
[[nodiscard]] std::string reason_of(const SendResult& result);

}  // namespace sekisho::report::aggregate_sender
