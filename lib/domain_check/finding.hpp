// What a check of a domain found: the checks with their ids, and three kinds of outcome. What was
// not answered is unknown, never good and never bad.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::domain_check {

enum class Level : std::uint8_t {
  error,    ///< Breaks something today.
  warning,  ///< Will break something, or may.
  advice,
};
[[nodiscard]] std::string_view format_level(Level level);
[[nodiscard]] std::optional<Level> parse_level(std::string_view word);

/// Each check has an id that never changes: info_of().
enum class Check : std::uint8_t {
  domain_nxdomain,
  domain_lame,
  ns_differ,
  spf_none,
  spf_many,
  spf_leading_space,
  spf_syntax,
  spf_lookups,
  spf_void,
  spf_mx_addresses,
  spf_include_none,
  spf_redirect_none,
  spf_loop,
  spf_plus_all,
  spf_question_all,
  spf_no_all,
  spf_redirect_ignored,
  spf_after_all,
  spf_ptr,
  spf_size,
  spf_breadth,
  spf_type99,
  spf_exp,
  spf_ra_rp_rr,
  dkim_missing,
  dkim_record,
  dkim_many,
  dkim_revoked,
  dkim_key_type,
  dkim_bits,
  dkim_testing,
  dkim_service,
  dkim_hash,
  dkim_shared,
  dkim_age,
  dmarc_none,
  dmarc_many,
  dmarc_place,
  dmarc_version_first,
  dmarc_syntax,
  dmarc_duplicate_tag,
  dmarc_sp_weaker,
  dmarc_np,
  dmarc_testing,
  dmarc_removed,
  dmarc_rua_syntax,
  dmarc_rua_agree,
  dmarc_rua_mail,
  dmarc_psl_differs,
  dmarc_policy,
  mx_none,
  mx_null_mixed,
  mx_cname,
  mx_address_literal,
  mx_no_address,
  mx_loopback,
  mx_private,
  mx_iprev,
  sender_iprev,
  sender_helo,
  sts_record,
  sts_fetch,
  sts_policy,
  sts_mx,
  sts_short,
  sts_testing,
  sts_none_removal,
  tlsrpt_record,
  tls_none,
  tls_starttls,
  tls_version,
  tls_name,
  tls_expired,
  tls_chain,
  tls_self,
  dane_none,
  dane_insecure_zone,
  dane_insecure_mx,
  dane_lookup_fails,
  dane_unusable,
  dane_mismatch,
  dane_ta_not_sent,
  dane_name,
  dane_no_starttls,
  dane_full_data,
  dane_rollover,
  dane_ttl,
  dane_some_servers,
  dnssec_unsigned,
  dnssec_resolver,
  dnssec_bogus,
  dnssec_expires,
  dnssec_ds_mismatch,
  dnssec_algorithm,
  dnssec_insecure_link,
  bimi_record,
  bimi_many,
  bimi_gate,
  bimi_logo,
  caa_none,
  wildcard_txt,
  parked_spf,
  parked_mx,
  parked_dmarc,
  parked_dkim,
  parked_bimi,
};

/// What is the same for all findings of a check. Texts are for people.
struct CheckInfo {
  Check check;
  std::string_view id;  ///< "spf.lookups"
  Level level;          ///< The usual one.
  std::string_view source;
  std::string_view effect;
  std::string_view remedy;
};
[[nodiscard]] const CheckInfo& info_of(Check check);

/// Names and texts from the DNS are escaped: they may be printed.
struct Finding {
  Check check = Check::domain_nxdomain;
  Level level = Level::error;
  std::string name;      ///< The domain, record or host with the fault.
  std::string evidence;  ///< What was seen.
  std::string remedy;
  std::string publish;                  ///< A line for a zone file, or "".
  std::optional<std::size_t> position;  ///< Octets from the beginning of the record.
  std::vector<std::string> servers;     ///< Of findings about single name servers.
};

struct Unknown {
  Check check = Check::domain_nxdomain;
  std::string name;
  std::string tried;   ///< "TXT _dmarc.example.org"
  std::string answer;  ///< "time-out", "not asked"
};

struct Good {
  Check check = Check::domain_nxdomain;
  std::string name;
};

/// The outcomes of all checks of a domain, in the order of the checks.
class Outcomes {
 public:
  /// A finding of the usual level, to be completed by the caller. The reference is valid until the
  /// next call.
  Finding& bad(Check check, std::string name, std::string evidence);
  void unknown(Check check, std::string name, std::string tried, std::string answer);
  /// A check that needs what this run may not ask for.
  void not_asked(Check check, std::string name);
  void good(Check check, std::string name);

  [[nodiscard]] const std::vector<Finding>& findings() const { return findings_; }
  [[nodiscard]] const std::vector<Unknown>& unknowns() const { return unknowns_; }
  [[nodiscard]] const std::vector<Good>& goods() const { return goods_; }
  /// Returns true if the check has a finding.
  [[nodiscard]] bool has(Check check) const;

 private:
  std::vector<Finding> findings_;
  std::vector<Unknown> unknowns_;
  std::vector<Good> goods_;
};

/// Text of strangers for a terminal or a zone file: controls, octets beyond US-ASCII and
/// backslashes as `\ddd` (RFC 1035 §5.1).
[[nodiscard]] std::string escaped(std::string_view text);

/// The same for a line on a terminal, cut to 200 octets.
[[nodiscard]] std::string shown(std::string_view text);

}  // namespace sekisho::domain_check
