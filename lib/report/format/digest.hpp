// A short identifier for text that has none.
#pragma once

#include "crypto/digest.hpp"

#include <string>
#include <string_view>

namespace sekisho::report::format {

/// Returns twenty characters that identify `text`: 120 bits of its SHA-256.
[[nodiscard]] std::string digest_of(std::string_view text);
/// The same for a SHA-256 in progress, which must not be used afterwards.
[[nodiscard]] std::string digest_of(crypto::Digest& text);

}  // namespace sekisho::report::format
