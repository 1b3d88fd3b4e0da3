// UTF-8 (RFC 3629), which RFC 6532 allows in header fields.
#pragma once

#include <string_view>

namespace sekisho::mail {

/// Whether all of it is well-formed UTF-8: no overlong forms, no surrogates, nothing above
/// U+10FFFF. ASCII is, controls included.
[[nodiscard]] bool is_valid_utf8(std::string_view text);

}  // namespace sekisho::mail
