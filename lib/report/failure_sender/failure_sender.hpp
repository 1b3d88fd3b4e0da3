// Sends the failure reports of the spool to those recipients that accept them (RFC 9991 §2, §5).
#pragma once

#include "mail/domain.hpp"
#include "report/failure/spool.hpp"
#include "report/failure_sender/failure_mail.hpp"
#include "report/mailer/mailer.hpp"
#include "report/recipients/recipients.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <span>
#include <string>

namespace sekisho::report::failure_sender {

/// The outcome of a run for one recipient of a report, or for the report as a whole.
enum class FailureSendStatus : std::uint8_t {
  sent,
  refused,  ///< By the address or by the DNS of its domain: not tried again.
  waiting,  ///< The next run tries again.
  expired,  ///< Waited too long; the report is deleted.
  broken,   ///< The file is no report, or cannot be read or deleted; it stays.
};
[[nodiscard]] std::string_view format_failure_send_status(FailureSendStatus status);

struct FailureEvent {
  std::string name;           ///< Name of the file.
  std::string policy_domain;  ///< Empty if the file is broken.
  std::string to;             ///< Address or URI; empty: the report as a whole.
  FailureSendStatus status = FailureSendStatus::sent;
  std::string reason;  ///< For people, printable.

  bool operator==(const FailureEvent&) const = default;
};

struct FailureSenderOptions {
  FailureAuthor author;
  std::string sender;                                 ///< Envelope sender; empty: the null sender.
  std::chrono::seconds keep{std::chrono::hours{24}};  ///< Older reports are deleted.
};

/// What a run uses.
struct FailureSenderServices {
  /// Returns the verified recipients of a policy domain's ruf=. May wait for the DNS.
  std::function<recipients::Recipients(const mail::Domain&, std::span<const std::string>)>
      find_recipients;
  mailer::Mailer& mailer;  ///< If is_dry_run(), no report is deleted or changed.
  std::function<void(const FailureEvent&)> on_event;
};

/// Tries to send each report in the spool once, oldest first. Ends early if the smarthost accepts
/// no mail. Returns an error if the folder cannot be read.
[[nodiscard]] std::expected<void, std::string> send_failure_reports(
    const failure::Spool& spool, const FailureSenderOptions& options,
    const FailureSenderServices& services, std::chrono::sys_seconds now);

}  // namespace sekisho::report::failure_sender
