// The steps of verifying one signature, DKIM's or ARC's, without where its parts come from (RFC
// 6376 §6.1.1 to §6.1.3), and which result each ends in (RFC 8601 §2.7.1).
#pragma once

#include "crypto/base64.hpp"
#include "dkim/body_hashes.hpp"
#include "dkim/key_fetches.hpp"
#include "dkim/result.hpp"
#include "dkim/signature.hpp"
#include "dkim/verify_options.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

namespace sekisho::dkim {

/// What rules a signature out before its key is asked for: an algorithm that must not be used, a
/// time that is past or not yet come.
[[nodiscard]] std::optional<Failure> check_terms(const Signature& signature,
                                                 std::chrono::sys_seconds now,
                                                 std::chrono::seconds clock_drift);

struct Verification {
  std::optional<Failure> failure;  ///< Nullopt: the signature passes.
  std::size_t key_bits = 0;        ///< Of the key that decided; 0 where none fitted.
  bool is_testing = false;         ///< t=y of that key.
};

/// Tries the keys until the signature passes with one. If it passes with none, the first key that
/// fits the signature's algorithm decides. A body hash that does not match costs no public-key
/// operation. `signature` is one that was parsed without a failure.
[[nodiscard]] Verification verify_signature(const Signature& signature,
                                            const std::vector<KeyRecord>& keys,
                                            const BodyHash& body_hash,
                                            const crypto::Bytes& header_hash,
                                            const VerifyOptions& options);

}  // namespace sekisho::dkim
