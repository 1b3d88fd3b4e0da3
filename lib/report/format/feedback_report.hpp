// A report about one message: an authentication failure (RFC 6591, RFC 9991) or a complaint (RFC
// 5965).
#pragma once

#include "dns/ip_address.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sekisho::report::format {

/// RFC 5965 §7.3, RFC 6591 §3.1.
enum class FeedbackType : std::uint8_t { auth_failure, abuse, fraud, virus, other };

/// Text is printable(); "" if absent.
struct FeedbackReport {
  FeedbackType type = FeedbackType::other;
  /// Domain of the sender of the report.
  std::string reporter;
  /// Domain in the From field of the message, else Reported-Domain.
  std::string author_domain;
  std::optional<dns::IpAddress> source;
  /// What failed, lower case: dmarc, spf, signature, bodyhash, revoked, adsp (RFC 6591 §3.3).
  std::string auth_failure;
  std::string identity_alignment;  ///< What failed to align (RFC 9991 §4): none, dkim, spf, both.
  std::string delivery_result;     ///< RFC 6591 §3.2.2.
  std::string arrival_date;        ///< As written in the report.
  std::uint64_t incidents = 1;     ///< RFC 5965 §3.2.
  /// Identifies the report: 20 characters, the same for a copy of it.
  std::string digest;

  /// Personal data: shown on request only.
  struct Personal {
    std::string from;
    std::string to;
    std::string mail_from;
    std::string subject;
    std::string message_id;

    bool operator==(const Personal&) const = default;
  };
  Personal personal;

  bool operator==(const FeedbackReport&) const = default;
};

/// Returns the value of Feedback-Type.
[[nodiscard]] std::string_view format_feedback_type(FeedbackType type);
/// Ignores case; an unknown type is `other`.
[[nodiscard]] FeedbackType parse_feedback_type(std::string_view text);

}  // namespace sekisho::report::format
