// The Received-SPF header field (RFC 7208 §9.1), for readers that do not know
// Authentication-Results.
#pragma once

#include "findings/findings.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sekisho::authres {

/// The value of the field: begins with a blank, folded with CRLF and a tab. Nullopt: SPF did not
/// run. What of the sender's words is not printable US-ASCII, or longer than any honest one, is
/// left out.
[[nodiscard]] std::optional<std::string> format_received_spf(const findings::Findings& findings,
                                                             const std::string& receiver);

/// Whether a Received-SPF field claims to be of one of `names`: by `receiver=`, or by what its
/// comment says before the first colon (RFC 7208 §9.1: `mybox.example.org: domain of ...`). One
/// that names nobody is nobody's. In doubt it is ours: where an encoded word stands in one of these
/// places, or the field is larger than any honest one.
[[nodiscard]] bool claims_received_spf(std::string_view value, std::span<const std::string> names);

}  // namespace sekisho::authres
