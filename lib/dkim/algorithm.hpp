// Signing algorithms (RFC 6376 §3.3, RFC 8301 §3.1, RFC 8463 §3).
#pragma once

#include "crypto/digest.hpp"
#include "crypto/public_key.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace sekisho::dkim {

enum class Algorithm : std::uint8_t { rsa_sha1, rsa_sha256, ed25519_sha256 };

/// The value of an a= tag; nullopt where we do not know it.
[[nodiscard]] std::optional<Algorithm> parse_algorithm(std::string_view text);
[[nodiscard]] std::string_view format_algorithm(Algorithm algorithm);

[[nodiscard]] crypto::HashAlgorithm hash_of(Algorithm algorithm);
[[nodiscard]] crypto::KeyType key_type_of(Algorithm algorithm);

/// What a key of this type signs with: never rsa-sha1 (RFC 8301 §3.1).
[[nodiscard]] Algorithm signing_algorithm(crypto::KeyType type);
/// The hash of all of them.
inline constexpr crypto::HashAlgorithm signing_hash = crypto::HashAlgorithm::sha256;

}  // namespace sekisho::dkim
