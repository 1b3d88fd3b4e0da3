// The mail that carries a failure report (RFC 5965 §2, RFC 6591 §3.1).
#pragma once

#include "report/failure/failure_report.hpp"

#include <expected>
#include <string>

namespace sekisho::report::failure_sender {

/// The author of the mail.
struct FailureAuthor {
  std::string name;     ///< Of the organization; may be empty.
  std::string address;  ///< is_plain_address()
};

/// Returns a multipart/report with its three parts, addressed to `to`. Message-ID is `id` and the
/// domain of the author. The error names an invalid address.
[[nodiscard]] std::expected<std::string, std::string> compose_failure_mail(
    const failure::FailureReport& report, const FailureAuthor& author, const std::string& to,
    const std::string& id);

}  // namespace sekisho::report::failure_sender
