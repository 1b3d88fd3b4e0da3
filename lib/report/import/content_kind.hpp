// Detects the type of a file or attachment from its content, since names are unreliable.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sekisho::report::import {

enum class ContentKind : std::uint8_t { xml, json, archive, mail, mailbox, unknown };

/// Number of octets that the functions below need.
inline constexpr std::size_t beginning_octets = 4'096;

/// Returns the kind from the first octets. An archive is gzip, zip or tar; a mail begins with a
/// header field, a mailbox with a `From ` line (RFC 4155).
[[nodiscard]] ContentKind content_kind(std::string_view beginning);

/// Returns true if XML or JSON with this beginning is likely to be a report. Required of an
/// attachment whose type and name do not announce a report.
[[nodiscard]] bool seems_report(std::string_view beginning);

/// Returns the report in the text of a mail, after an introduction by a person or a gateway; "" if
/// there is none.
[[nodiscard]] std::string_view report_within(std::string_view text);

}  // namespace sekisho::report::import
