// Base64 (RFC 4648 §4), strict, and with folding white space as RFC 6376 §2.10 allows it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::crypto {

using Bytes = std::vector<std::uint8_t>;

[[nodiscard]] std::string encode_base64(std::span<const std::uint8_t> data);
/// Strict: the alphabet, right padding, zero bits at the end; nullopt for anything else.
[[nodiscard]] std::optional<Bytes> decode_base64(std::string_view text);
/// The same with blanks, tabs, CR and LF anywhere.
[[nodiscard]] std::optional<Bytes> decode_folded_base64(std::string_view text);

}  // namespace sekisho::crypto
