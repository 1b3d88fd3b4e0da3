// Keyed hashes (RFC 2104) through OpenSSL.
#pragma once

#include "crypto/base64.hpp"

#include <cstdint>
#include <span>
#include <string_view>

namespace sekisho::crypto {

/// HMAC with SHA-256: 32 octets. Throws where OpenSSL fails.
[[nodiscard]] Bytes hmac_sha256(std::string_view key, std::string_view data);

/// Whether two codes are the same, in a time that depends on their size alone: whoever forges one
/// must not learn how much of it was right.
[[nodiscard]] bool equal_codes(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b);

}  // namespace sekisho::crypto
