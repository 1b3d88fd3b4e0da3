// What came of one DKIM-Signature (RFC 6376 §3.9, RFC 8601 §2.7.1).
#pragma once

#include "mail/domain.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sekisho::dkim {

/// RFC 8601 §2.7.1. `none` (no signature at all) is the absence of results.
enum class ResultCode : std::uint8_t { pass, fail, policy, neutral, temperror, permerror };
[[nodiscard]] std::string_view format_result_code(ResultCode code);

/// Two reasons that failure reports tell apart (RFC 6591 §3.3).
inline constexpr std::string_view body_hash_mismatch = "body hash did not verify";
inline constexpr std::string_view key_revoked = "key revoked";

/// Why a signature does not pass.
struct Failure {
  ResultCode code = ResultCode::permerror;
  std::string reason;

  bool operator==(const Failure&) const = default;
};

/// One signature's outcome. Domain, selector and the rest are there as far as the signature could
/// be read; text that came from the message is safe to print only where its type says so.
struct Result {
  ResultCode code = ResultCode::neutral;
  std::string reason;                  ///< For people: "body hash did not verify", "key revoked" …
  std::optional<mail::Domain> domain;  ///< d=, in A-labels.
  std::string selector;                ///< s=, in A-labels; "" where it is no valid name.
  std::string algorithm;               ///< a=, where it is a known word; or "".
  std::string auid;  ///< i= as `local@domain` or `@domain`, valid; the default `@d` where absent.
  std::string
      signature;  ///< b=, base64 without blanks: what header.b shows the beginning of (RFC 6008).
  std::size_t key_bits = 0;
  bool testing = false;  ///< The key record has t=y (RFC 6376 §3.6.1).

  bool operator==(const Result&) const = default;
};

}  // namespace sekisho::dkim
