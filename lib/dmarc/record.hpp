// The DMARC policy record (RFC 9989 §4.7; RFC 7489 §6.3 for what is still deployed).
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::dmarc {

enum class Policy : std::uint8_t { none, quarantine, reject };
[[nodiscard]] std::string_view format_policy(Policy policy);

enum class AlignmentMode : std::uint8_t { relaxed, strict };
enum class PublicSuffixDomain : std::uint8_t { yes, no, unknown };  ///< psd=y, n, u

/// Whose tags a record has: np=, psd= and t= are RFC 9989's, pct=, rf= and ri= RFC 7489's.
enum class Specification : std::uint8_t { rfc9989, rfc7489 };

enum class RecordError : std::uint8_t {
  not_dmarc,  ///< Does not begin with v=DMARC1: no DMARC record at all, to be ignored.
  syntax,  ///< No tag list: a tag is there twice (RFC 6376 §3.2), or there are more than the limit.
};
[[nodiscard]] std::string_view format_record_error(RecordError error);

/// Tags of one record.
inline constexpr std::size_t max_record_tags = 100;

/// Absent tags have their defaults. Unknown tags, those of the other specification, and bad values
/// are ignored, but for those of p=, sp= and np=, which are dealt with as RFC 9989 §4.10.1 says.
struct Record {
  /// False: no DMARC processing of the messages to which the record applies, since p= is missing,
  /// or p=, sp= or np= is wrong, and there is no valid rua= (RFC 9989 §4.10.1). With a valid rua=
  /// the record is read as p=none alone.
  bool usable = true;
  Policy policy = Policy::none;
  std::optional<Policy> subdomain_policy;    ///< sp=
  std::optional<Policy> nonexistent_policy;  ///< np=
  AlignmentMode dkim_alignment = AlignmentMode::relaxed;
  AlignmentMode spf_alignment = AlignmentMode::relaxed;
  PublicSuffixDomain psd = PublicSuffixDomain::unknown;
  bool testing = false;                     ///< t=y
  std::uint8_t percent = 100;               ///< pct=
  std::uint32_t report_interval = 86'400;   ///< ri=, seconds.
  std::vector<std::string> aggregate_uris;  ///< rua=, valid URIs, `!size` kept (RFC 7489).
  std::vector<std::string> failure_uris;    ///< ruf=
  std::string failure_options = "0";        ///< fo=, read only where there is a ruf=.
  std::string failure_formats = "afrf";     ///< rf=
  std::string text;                         ///< The record as published, without blanks at its end.
  /// What is wrong with p=, sp=, np= and rua=, to be told to its owner (RFC 9990 §3.1.5).
  std::vector<std::string> errors;

  bool operator==(const Record&) const = default;
};

/// Reads one TXT record, its strings joined. Words match in any case, but for DMARC1; a blank
/// before `v` makes it no DMARC record, as the grammar of RFC 9989 §4.8 has none there.
/// Blanks and line ends at the end, as web forms leave them there, do not count.
[[nodiscard]] std::expected<Record, RecordError> parse_record(
    std::string_view text, Specification specification = Specification::rfc9989);

}  // namespace sekisho::dmarc
