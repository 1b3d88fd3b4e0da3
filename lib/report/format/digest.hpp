// A short name for text that has none of its own.
#pragma once

#include "crypto/digest.hpp"

#include <string>
#include <string_view>

namespace sekisho::report::format {

/// Twenty characters that stand for `text`: 120 bits of its SHA-256.
[[nodiscard]] std::string digest_of(std::string_view text);
/// The same of what a SHA-256 under way was given, which may not be used afterwards.
[[nodiscard]] std::string digest_of(crypto::Digest& text);

}  // namespace sekisho::report::format
