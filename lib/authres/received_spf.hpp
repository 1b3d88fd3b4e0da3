// The Received-SPF header field (RFC 7208 §9.1), for readers that do not know
// Authentication-Results.
#pragma once

#include "findings/findings.hpp"

#include <optional>
#include <string>

namespace sekisho::authres {

/// The value of the field: begins with a blank, folded with CRLF and a tab. Nullopt: SPF did not
/// run. What of the sender's words is not printable US-ASCII, or longer than any honest one, is
/// left out.
[[nodiscard]] std::optional<std::string> format_received_spf(const findings::Findings& findings,
                                                             const std::string& receiver);

}  // namespace sekisho::authres
