// Redacts the values of trace and authentication fields: parses them by their grammar and writes
// only the parts without personal data. Each function takes an unfolded value, and returns nullopt
// if it does not match the grammar.
#pragma once

#include "report/failure/redactor.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace sekisho::report::failure {

/// Authentication-Results (RFC 8601 §2.2).
[[nodiscard]] std::optional<std::string> redacted_authentication_results(std::string_view value,
                                                                         const Redactor& redactor);
/// ARC-Authentication-Results (RFC 8617 §4.1.1): the same after an instance.
[[nodiscard]] std::optional<std::string> redacted_arc_results(std::string_view value,
                                                              const Redactor& redactor);
/// Received-SPF (RFC 7208 §9.1).
[[nodiscard]] std::optional<std::string> redacted_received_spf(std::string_view value,
                                                               const Redactor& redactor);
/// Received (RFC 5321 §4.4). Recipients are replaced by their domain, as everywhere in a redacted
/// report (RFC 9991 §7.1).
[[nodiscard]] std::optional<std::string> redacted_received(std::string_view value,
                                                           const Redactor& redactor);
/// DKIM-Signature, ARC-Message-Signature, ARC-Seal (RFC 6376 §3.5, RFC 8617 §4.1), without unknown
/// tags and without the copied fields of z=.
[[nodiscard]] std::optional<std::string> redacted_tags(std::string_view value,
                                                       const Redactor& redactor);

/// date-time (RFC 5322 §3.3, §4.3), without comments.
[[nodiscard]] std::optional<std::string> plain_date(std::string_view value);
/// msg-id (RFC 5322 §3.6.4).
[[nodiscard]] std::optional<std::string> plain_message_id(std::string_view value);
/// The identifier of List-Id (RFC 2919 §3), without its description.
[[nodiscard]] std::optional<std::string> plain_list_id(std::string_view value);
/// A word, or two separated by a slash, without comments and parameters (RFC 2045 §5.1).
[[nodiscard]] std::optional<std::string> plain_word(std::string_view value);

}  // namespace sekisho::report::failure
