// What DMARC says of one message (RFC 9989 §4, §9).
#pragma once

#include "dmarc/record.hpp"
#include "mail/domain.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sekisho::dmarc {

/// RFC 7489 §11.2 as RFC 9989 keeps it.
enum class ResultCode : std::uint8_t { none, pass, fail, temperror, permerror };
[[nodiscard]] std::string_view format_result_code(ResultCode code);

/// How the organizational domain was found (RFC 9990, `discovery_method`).
enum class DiscoveryMethod : std::uint8_t { treewalk, psl };

/// Which of the record's policies applies: p, sp or np.
enum class PolicySource : std::uint8_t { p, sp, np };

struct Result {
  ResultCode code = ResultCode::none;
  std::string reason;                                 ///< For people.
  std::optional<mail::Domain> author_domain;          ///< RFC5322.From's.
  std::optional<mail::Domain> organizational_domain;  ///< Of the author domain.
  std::optional<mail::Domain> record_domain;          ///< Where the applied record was found.
  std::optional<Record> record;
  PolicySource policy_source = PolicySource::p;
  Policy published_policy = Policy::none;  ///< p, sp or np as published.
  Policy policy = Policy::none;            ///< The one that applies: after t=y (or pct) lowered it.
  bool sampled_out = false;                ///< pct= spared the message (RFC 7489 §6.6.4).
  bool spf_aligned = false;                ///< An identifier that passed is aligned.
  bool dkim_aligned = false;
  /// Of a temporary error: an identifier that passed is aligned, as far as the answers that came
  /// tell. It would be a pass unless one of those that failed says otherwise.
  bool likely_pass = false;
  DiscoveryMethod discovery = DiscoveryMethod::treewalk;
};

}  // namespace sekisho::dmarc
