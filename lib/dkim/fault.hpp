// What can be wrong with a signature, DKIM's or ARC's, or with its key.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sekisho::dkim {

/// RFC 8601 §2.7.1. `none` (no signature at all) is the absence of results.
enum class ResultCode : std::uint8_t { pass, fail, policy, neutral, temperror, permerror };
[[nodiscard]] std::string_view format_result_code(ResultCode code);

/// Program logic that depends on why a signature does not pass reads this, never the text.
enum class Fault : std::uint8_t {
  none,

  // The field (RFC 6376 §6.1.1).
  malformed_tag_list,
  no_version,
  unknown_version,
  no_algorithm,
  unknown_algorithm,
  no_signature,
  invalid_signature,
  no_body_hash,
  invalid_body_hash,
  wrong_body_hash_size,
  unknown_canonicalization,
  no_domain,
  invalid_domain,
  no_selector,
  invalid_selector,
  no_signed_names,
  too_many_signed_names,
  invalid_signed_names,
  from_not_signed,
  invalid_auid,
  auid_outside_domain,
  invalid_body_length,
  invalid_timestamp,
  invalid_expiration,
  expiration_not_after_timestamp,
  unknown_query_method,
  key_name_too_long,
  seal_signed,           ///< In ARC-Message-Signature alone (RFC 8617 §4.1.2).
  signed_names_in_seal,  ///< In ARC-Seal alone (RFC 8617 §4.1.3).
  sha1_algorithm,        ///< RFC 8301 §3.1.
  timestamp_in_future,
  expired,
  too_many_signatures,  ///< More than this host verifies.

  // The key (RFC 6376 §6.1.2).
  no_key,
  key_lookup_failed,
  too_many_key_lookups,  ///< More than this host makes for one message.
  key_record_too_long,
  malformed_key_record,
  unknown_key_record_version,
  no_key_data,
  key_revoked,  ///< `p=` is empty (RFC 6376 §3.6.1).
  key_not_for_mail,
  unknown_key_type,
  invalid_key_data,  ///< `p=` is not base64.
  invalid_key,
  key_type_differs_from_record,  ///< From `k=`.
  key_too_long,
  hash_not_allowed,
  key_type_differs_from_signature,  ///< From `a=`.
  subdomain_not_allowed,            ///< t=s

  // The verification (RFC 6376 §6.1.3).
  body_length_beyond_body,
  body_hash_mismatch,
  signature_mismatch,
  key_too_short,
  partial_body,
};

/// The result of a signature with this fault, `pass` for `none`. RFC 8601 §2.7.1 has `policy` for a
/// signature that is correct, or not tried, but that this host does not accept.
[[nodiscard]] ResultCode result_of(Fault fault);

/// One line for people: "body hash did not verify". `detail` completes the texts that need it: the
/// limit that was exceeded, the status of a look-up.
[[nodiscard]] std::string describe_fault(Fault fault, std::string_view detail = {});

/// Why a signature does not pass.
struct Failure {
  ResultCode code = ResultCode::permerror;
  Fault fault = Fault::none;
  std::string reason;  ///< For people.

  bool operator==(const Failure&) const = default;
};

/// The code and the text of `fault`.
[[nodiscard]] Failure failure_of(Fault fault, std::string_view detail = {});

}  // namespace sekisho::dkim
