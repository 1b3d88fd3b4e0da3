// The author of a From field whose display part is not the grammar of RFC 5322 §3.4: names in
// Latin-1, commas without quotation marks, no angle brackets.
#pragma once

#include "mail/address.hpp"
#include "mail/from_fault.hpp"

#include <expected>
#include <string_view>

namespace sekisho::mail {

struct LoneAddress {
  Mailbox mailbox;
  FromFault display_fault = FromFault::none;
};

/// The address of a field that parse_address_list() refuses, where it is the only one that any
/// reader could find: one `@` in the octets and one well-formed addr-spec around it, no lookalike
/// of `@`, no encoded word that may hide one, and no control characters but for folds and the
/// escape sequences of ISO-2022-JP. The addr-spec stands in angle brackets, or between a blank,
/// comma, colon or semicolon and the end, a comma, a semicolon or a comment; so its domain is the
/// same for every reader. The error says why there is none.
[[nodiscard]] std::expected<LoneAddress, FromFault> find_lone_address(std::string_view value);

/// Whether a field without an author domain is that of a delivery report: `<>`, or MAILER-DAEMON
/// with or without angle brackets, a name and comments.
[[nodiscard]] bool names_mailer_daemon(std::string_view value, const AddressLimits& limits);

}  // namespace sekisho::mail
