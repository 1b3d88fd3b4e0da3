// Why the policy of a domain owner was not applied to a message that failed (RFC 9990 §3.1.6).
#pragma once

#include <cstdint>
#include <string_view>

namespace sekisho::dmarc {

/// PolicyOverrideType of RFC 9990 appendix A, then the values of RFC 7489 appendix C that it gave
/// up: forwarded and sampled_out.
enum class OverrideType : std::uint8_t {
  local_policy,
  mailing_list,
  other,
  policy_test_mode,
  trusted_forwarder,
  forwarded,
  sampled_out,
};

/// The word of the RFC, which is the enumerator's name.
[[nodiscard]] std::string_view format_override_type(OverrideType type);

}  // namespace sekisho::dmarc
