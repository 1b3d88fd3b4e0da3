// Key records (RFC 6376 §3.6.1, RFC 8463 §4.2).
#pragma once

#include "crypto/public_key.hpp"
#include "dkim/result.hpp"

#include <cstddef>
#include <expected>
#include <string_view>

namespace sekisho::dkim {

/// A record that can serve for verifying mail.
struct KeyRecord {
  crypto::PublicKey key;
  bool allows_sha256 = true;        ///< h=; SHA-1 is never allowed (RFC 8301 §3.1).
  bool is_testing = false;          ///< t=y
  bool forbids_subdomains = false;  ///< t=s: the domain of i= must be d= itself.
};

/// RFC 6376 §6.1.2, steps 5, 7 and the part of step 8 that the record alone decides: records that
/// are malformed, revoked or not for mail are failures. `max_rsa_bits` limits the modulus.
[[nodiscard]] std::expected<KeyRecord, Failure> parse_key_record(std::string_view text,
                                                                 std::size_t max_rsa_bits);

}  // namespace sekisho::dkim
