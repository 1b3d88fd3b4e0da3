// DMARC aggregate reports as values (RFC 9990 §3.1.1; RFC 7489 appendix C for the older form).
#pragma once

#include "dmarc/override_type.hpp"
#include "dmarc/record.hpp"
#include "dmarc/result.hpp"
#include "dns/ip_address.hpp"
#include "report/format/period.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::report::format {

/// The specification that a report follows. Only RFC 9990 has an XML namespace.
enum class Form : std::uint8_t { rfc9990, rfc7489 };

/// The namespace of RFC 9990. Reports in the form of RFC 7489 have none, despite its schema.
inline constexpr std::string_view dmarc_namespace = "urn:ietf:params:xml:ns:dmarc-2.0";

/// What was done with a message. RFC 9990 uses `pass` for a message that passed an enforcing
/// policy; RFC 7489 uses `none`.
enum class ActionDisposition : std::uint8_t { none, pass, quarantine, reject };

using dmarc::OverrideType;

/// RFC 8601 §2.7.1 and §2.7.2: DKIM has no softfail.
enum class AuthResult : std::uint8_t {
  none,
  pass,
  fail,
  softfail,
  policy,
  neutral,
  temperror,
  permerror,
};

enum class SpfScope : std::uint8_t { mfrom, helo };  ///< helo: RFC 7489 only.

/// RFC 9990 §3.1.1.3. Text is UTF-8 without control characters; "" if absent.
struct Metadata {
  std::string org_name;
  std::string email;
  std::string extra_contact_info;
  std::string report_id;
  std::optional<Period> period;  ///< date_range; may be missing in a report of others.
  std::vector<std::string> errors;
  std::string generator;

  bool operator==(const Metadata&) const = default;
};

/// RFC 9990 §3.1.1.5. Members that are absent in the report have no value.
struct PolicyPublished {
  std::string domain;
  std::optional<dmarc::DiscoveryMethod> discovery_method;
  std::optional<dmarc::Policy> policy;              ///< p
  std::optional<dmarc::Policy> subdomain_policy;    ///< sp
  std::optional<dmarc::Policy> nonexistent_policy;  ///< np
  std::optional<dmarc::AlignmentMode> dkim_alignment;
  std::optional<dmarc::AlignmentMode> spf_alignment;
  std::string failure_options;          ///< fo
  std::optional<bool> testing;          ///< RFC 9990 only.
  std::optional<std::uint8_t> percent;  ///< RFC 7489 only.
  /// Errors of the DMARC record. In a report they are part of Metadata::errors.
  std::vector<std::string> errors;

  bool operator==(const PolicyPublished&) const = default;
};

struct OverrideReason {
  OverrideType type = OverrideType::other;
  std::string comment;

  bool operator==(const OverrideReason&) const = default;
};

struct DkimAuthResult {
  std::string domain;
  std::string selector;
  AuthResult result = AuthResult::none;
  std::string human_result;

  bool operator==(const DkimAuthResult&) const = default;
};

struct SpfAuthResult {
  std::string domain;
  SpfScope scope = SpfScope::mfrom;
  AuthResult result = AuthResult::none;
  std::string human_result;

  bool operator==(const SpfAuthResult&) const = default;
};

/// Limit of messages in one record; more is not a valid count. A million such records fit into 64
/// bits.
inline constexpr std::uint64_t max_record_count = 1'000'000'000'000;
/// Parses a count of a report. Some reporters write a whole number as `3.0`. Returns nullopt for
/// what is no number, and for more than max_record_count.
[[nodiscard]] std::optional<std::uint64_t> parse_count(std::string_view text);

/// Limit of DKIM results, of SPF results and of override reasons in one record (RFC 9990 §3.1.3).
/// More are neither read nor written.
inline constexpr std::size_t max_record_results = 100;

/// Messages of one source with equal results (RFC 9990 §3.1.1.7).
struct AggregateRecord {
  dns::IpAddress source;
  std::uint64_t count = 0;
  ActionDisposition disposition = ActionDisposition::none;
  bool dkim_aligned = false;  ///< policy_evaluated/dkim: an aligned signature passed.
  bool spf_aligned = false;
  std::vector<OverrideReason> reasons;
  std::string header_from;
  std::string envelope_from;
  std::string envelope_to;
  std::vector<DkimAuthResult> dkim;
  std::vector<SpfAuthResult> spf;  ///< At most one in RFC 9990.

  bool operator==(const AggregateRecord&) const = default;
};

/// A report without its records, of which there may be many.
struct AggregateHeader {
  Form form = Form::rfc9990;
  Metadata metadata;
  PolicyPublished policy;
  std::string digest;  ///< Of the text, for a report of others without report_id.

  bool operator==(const AggregateHeader&) const = default;
};

/// Returns what was done with a message if the policy that applies is `published`, and `enforced`
/// was applied when it failed.
[[nodiscard]] ActionDisposition disposition_of(bool passes, dmarc::Policy published,
                                               dmarc::Policy enforced);

[[nodiscard]] std::string_view format_disposition(ActionDisposition disposition);
using dmarc::format_override_type;
[[nodiscard]] std::string_view format_auth_result(AuthResult result);
[[nodiscard]] std::string_view format_scope(SpfScope scope);
[[nodiscard]] std::string_view format_discovery_method(dmarc::DiscoveryMethod method);
[[nodiscard]] std::string_view format_alignment_mode(dmarc::AlignmentMode mode);

/// Parse words in any case, and old words for results: `hardfail`, `unknown` and `error` (RFC 7489
/// appendix C). Return nullopt for unknown words.
[[nodiscard]] std::optional<ActionDisposition> parse_disposition(std::string_view text);
[[nodiscard]] std::optional<OverrideType> parse_override_type(std::string_view text);
[[nodiscard]] std::optional<AuthResult> parse_auth_result(std::string_view text);
[[nodiscard]] std::optional<SpfScope> parse_scope(std::string_view text);
[[nodiscard]] std::optional<dmarc::DiscoveryMethod> parse_discovery_method(std::string_view text);
[[nodiscard]] std::optional<dmarc::AlignmentMode> parse_alignment_mode(std::string_view text);
[[nodiscard]] std::optional<dmarc::Policy> parse_policy(std::string_view text);

}  // namespace sekisho::report::format
