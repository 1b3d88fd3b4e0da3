// Keyed hashes (RFC 2104) through OpenSSL.
#pragma once

#include "crypto/base64.hpp"

#include <string_view>

namespace sekisho::crypto {

/// HMAC with SHA-256: 32 octets. Throws where OpenSSL fails.
[[nodiscard]] Bytes hmac_sha256(std::string_view key, std::string_view data);

}  // namespace sekisho::crypto
