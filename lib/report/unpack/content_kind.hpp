// What a file or an attachment holds, told by how it begins: names lie.
#pragma once

#include <cstdint>
#include <string_view>

namespace sekisho::report {

enum class ContentKind : std::uint8_t { xml, json, archive, mail, mailbox, unknown };

/// From the first octets, 512 of which are enough. An archive is gzip or zip; a mail begins with a
/// header field, a mailbox with a `From ` line (RFC 4155).
[[nodiscard]] ContentKind content_kind(std::string_view beginning);

}  // namespace sekisho::report
