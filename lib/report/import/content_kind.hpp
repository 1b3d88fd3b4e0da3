// What a file or an attachment holds, told by how it begins: names lie.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sekisho::report::import {

enum class ContentKind : std::uint8_t { xml, json, archive, mail, mailbox, unknown };

/// So many octets are enough for the functions below.
inline constexpr std::size_t beginning_octets = 4'096;

/// From the first octets. An archive is gzip, zip or tar; a mail begins with a header field, a
/// mailbox with a `From ` line (RFC 4155).
[[nodiscard]] ContentKind content_kind(std::string_view beginning);

/// Whether XML or JSON that begins so is likely to be a report. An attachment that nothing
/// announces as one is taken for one only then.
[[nodiscard]] bool seems_report(std::string_view beginning);

/// A report that stands in the text of a mail, behind words of a person or a gateway; "" where
/// there is none.
[[nodiscard]] std::string_view report_within(std::string_view text);

}  // namespace sekisho::report::import
