// Makes hostile text safe to show.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sekisho::report::format {

/// Returns `text` as valid UTF-8. Each run of blanks and controls becomes one blank, and is removed
/// at both ends. The text is cut between characters to at most `max_octets`. Invalid octets, and
/// characters that reorder or hide their neighbours (bidirectional controls, line separators and
/// zero-width marks of Unicode), become U+FFFD.
[[nodiscard]] std::string printable(std::string_view text, std::size_t max_octets);

}  // namespace sekisho::report::format
