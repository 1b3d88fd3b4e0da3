// The tags of a DKIM-Signature field (RFC 6376 §3.5), most of which ARC-Message-Signature has too.
#pragma once

#include "crypto/base64.hpp"
#include "dkim/algorithm.hpp"
#include "dkim/body_hashes.hpp"
#include "dkim/canonicalize.hpp"
#include "dkim/result.hpp"
#include "mail/domain.hpp"
#include "mail/tag_list.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::dkim {

struct Signature {
  std::optional<Algorithm> algorithm;  ///< a=
  crypto::Bytes signature;             ///< b=
  crypto::Bytes body_hash;             ///< bh=; as long as the hash of `algorithm`.
  Canonicalization header_canonicalization = Canonicalization::simple;
  Canonicalization body_canonicalization = Canonicalization::simple;
  std::optional<mail::Domain> domain;     ///< d=
  std::string selector;                   ///< s=, in A-labels.
  std::vector<std::string> signed_names;  ///< h=, in lower case.
  std::string auid;                ///< i= as `local@domain` or `@domain`; the default where absent.
  bool auid_is_subdomain = false;  ///< i= lies below d=.
  std::optional<std::uint64_t>
      body_length;  ///< l=; a number beyond the type is its greatest value.
  std::optional<std::chrono::sys_seconds> timestamp;   ///< t=
  std::optional<std::chrono::sys_seconds> expiration;  ///< x=

  [[nodiscard]] BodyHashRequest body_hash_request() const;
};

/// What could be read of a signature, and the first thing that is wrong with it. Without a failure,
/// `algorithm` and `domain` are there.
struct ParsedSignature {
  Signature signature;
  std::optional<Failure> failure;
};

/// The value of a DKIM-Signature field (RFC 6376 §6.1.1). `max_signed_names` limits h=.
[[nodiscard]] ParsedSignature parse_signature(std::string_view value, std::size_t max_signed_names);

/// The tags that DKIM-Signature and ARC-Message-Signature (RFC 8617 §4.1.2) have in common: all but
/// v= and i=. h= may lack From.
[[nodiscard]] ParsedSignature read_common_tags(const mail::TagList& tags,
                                               std::size_t max_signed_names);

/// The tags that these two have in common with ARC-Seal (RFC 8617 §4.1.3): d=, s=, a=, b= and t=.
[[nodiscard]] ParsedSignature read_seal_tags(const mail::TagList& tags);

}  // namespace sekisho::dkim
