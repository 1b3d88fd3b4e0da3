// What is true of a message that the rules of receivers speak of.
#pragma once

#include "preflight/finding.hpp"

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace sekisho::preflight {

/// The conditions that a rule of the receivers' file can have (`when`). format_fact() gives the
/// word.
enum class Fact : std::uint8_t {
  auth_none,        ///< Neither SPF nor DKIM passes.
  auth_temporary,   ///< The same, and a look-up failed that might have made one pass.
  auth_incomplete,  ///< Not all of SPF, DKIM and DMARC pass.
  spf_hard_fail,    ///< SPF fails, and no DKIM signature passes.
  spf_not_passed,
  spf_suspicious,      ///< The record permits every address.
  spf_sends_nothing,   ///< The record of the sender's domain is `v=spf1 -all`.
  spf_author_missing,  ///< The author's domain has no SPF record.
  dkim_not_passed,
  dkim_weak_key,    ///< An RSA key below 1024 bits.
  dmarc_no_record,  ///< None, or one without a policy.
  dmarc_not_aligned,
  dmarc_fails,    ///< A record is there.
  dmarc_refused,  ///< The same, and its policy is not `none`.
  iprev_failed,
  ipv6_unauthenticated,  ///< An IPv6 address without a name, or without SPF and DKIM.
  tls_none,
  from_invalid,  ///< Missing, several, or without one valid address.
  from_foreign,  ///< The author is a customer of this receiver, and the message comes from
                 ///< elsewhere.
  msgid_invalid,
  field_double,
  field_malformed,    ///< Malformed fields, encoded words or Unicode where they may not be.
  message_malformed,  ///< Octets or MIME structure.
  header_large,
  message_large,
  hops_many,
  domain_missing,  ///< The sender's or author's domain takes no mail.
  date_off,
  unsubscribe_missing,
  one_click_missing,
  arc_missing,  ///< Forwarded without an ARC seal.
};
inline constexpr std::size_t fact_count = static_cast<std::size_t>(Fact::arc_missing) + 1;

[[nodiscard]] std::string_view format_fact(Fact fact);
[[nodiscard]] std::optional<Fact> parse_fact(std::string_view word);
/// The findings that show this fact, the one that fits best first.
[[nodiscard]] std::span<const Id> findings_of(Fact fact);

class Facts {
 public:
  void set(Fact fact, bool holds = true) { bits_.set(static_cast<std::size_t>(fact), holds); }
  [[nodiscard]] bool has(Fact fact) const { return bits_.test(static_cast<std::size_t>(fact)); }

 private:
  std::bitset<fact_count> bits_;
};

}  // namespace sekisho::preflight
