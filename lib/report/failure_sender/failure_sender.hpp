// From the spool to the addressees: whether they take reports of that domain, and the mail itself
// (RFC 9991 §2, §5).
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

/// Where a report stands with one addressee, or as a whole.
enum class FailureFate : std::uint8_t {
  sent,
  refused,  ///< The address does not want it, or its domain does not: not tried again.
  waiting,  ///< The next run tries again.
  expired,  ///< Waited too long, and is gone.
  broken,   ///< The file is no report, or cannot be read or removed; it stays.
};
[[nodiscard]] std::string_view format_failure_fate(FailureFate fate);

struct FailureEvent {
  std::string name;           ///< Of the file.
  std::string policy_domain;  ///< Empty where the file is broken.
  std::string to;             ///< Address or URI; empty: the report as a whole.
  FailureFate fate = FailureFate::sent;
  std::string reason;  ///< For people, printable.

  bool operator==(const FailureEvent&) const = default;
};

struct FailureDeliverySettings {
  FailureAuthor author;
  std::string sender;                                 ///< Of the envelope; empty: the null sender.
  std::chrono::seconds keep{std::chrono::hours{24}};  ///< Old news help nobody.
};

/// The surroundings of a run.
struct FailureDeliveryServices {
  /// Verified addressees of a policy domain's ruf=; may wait.
  std::function<recipients::Recipients(const mail::Domain&, std::span<const std::string>)>
      find_recipients;
  mailer::Mailer* mailer =
      nullptr;  ///< Null: nothing is sent or removed, and what would be is told.
  std::function<void(const FailureEvent&)> tell;
};

/// Tries all reports in the spool once, the oldest first. Ends early where nobody takes mail from
/// us. The error is of the folder.
[[nodiscard]] std::expected<void, std::string> deliver_failures(
    const failure::Spool& spool, const FailureDeliverySettings& settings,
    const FailureDeliveryServices& services, std::chrono::sys_seconds now);

}  // namespace sekisho::report::failure_sender
