// Text of strangers, made fit to be shown.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sekisho::report::format {

/// `text` in valid UTF-8, every run of blanks and controls turned into one blank, none at either
/// end, cut between characters to at most `max_octets`. Octets that are no UTF-8, and characters
/// that turn or hide what stands beside them (Unicode's bidirectional controls, line separators and
/// zero-width marks), become U+FFFD.
[[nodiscard]] std::string printable(std::string_view text, std::size_t max_octets);

}  // namespace sekisho::report::format
