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

/// Why a message does not pass.
enum class Fault : std::uint8_t {
  none,
  no_author_domain,   ///< A message that RFC 5322 allows, without a single author domain.
  invalid_author,     ///< A From field that RFC 5322 does not allow.
  no_record,          ///< No record applies to the author domain.
  unusable_record,    ///< A record without a valid policy and a valid rua address.
  lookup_failed,      ///< The look-up of the record failed.
  undecided,          ///< A look-up failed that might have made it a pass.
  unknown_existence,  ///< The policy depends on whether the author domain exists.
  not_aligned,        ///< No aligned identifier passed.
  check_failed,       ///< A check of SPF or DKIM ended with an internal error.
};

/// The result of a message with this fault, `pass` for `none`.
[[nodiscard]] ResultCode result_of(Fault fault);

/// One line for people. `detail`: the fault of the author, the name of the record, the look-up that
/// failed, or the identifiers.
[[nodiscard]] std::string describe_fault(Fault fault, std::string_view detail = {});

/// How the organizational domain was found (RFC 9990, `discovery_method`).
enum class DiscoveryMethod : std::uint8_t { treewalk, psl };

/// Which of the record's policies applies: p, sp or np.
enum class PolicySource : std::uint8_t { p, sp, np };
[[nodiscard]] std::string_view format_policy_source(PolicySource source);

struct Result {
  ResultCode code = ResultCode::none;
  Fault fault = Fault::none;
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

/// Sets fault, code and reason.
void set_fault(Fault fault, std::string_view detail, Result& result);

}  // namespace sekisho::dmarc
