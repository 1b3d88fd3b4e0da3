// The DMARC policy record (RFC 9989 §4.7; RFC 7489 §6.3 for what is still deployed).
#pragma once

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

enum class RecordError {
  not_dmarc,   ///< Does not begin with v=DMARC1: no DMARC record at all, to be ignored.
  syntax,      ///< No tag list.
  bad_policy,  ///< p= missing or wrong, and no valid rua= (RFC 9989 §4.7 and §4.10.1 decide what
               ///< follows).
};

/// Absent tags have their defaults. Unknown tags, and bad values where the RFC says so, are
/// ignored.
struct Record {
  Policy policy = Policy::none;
  std::optional<Policy> subdomain_policy;    ///< sp=
  std::optional<Policy> nonexistent_policy;  ///< np=
  AlignmentMode dkim_alignment = AlignmentMode::relaxed;
  AlignmentMode spf_alignment = AlignmentMode::relaxed;
  PublicSuffixDomain psd = PublicSuffixDomain::unknown;
  bool testing = false;                     ///< t=y
  std::uint8_t percent = 100;               ///< pct=, read in RFC 7489 mode only.
  std::vector<std::string> aggregate_uris;  ///< rua=, valid URIs, `!size` kept (RFC 7489).
  std::vector<std::string> failure_uris;    ///< ruf=
  std::string failure_options = "0";        ///< fo=
  std::string text;                         ///< The record as it was published.

  bool operator==(const Record&) const = default;
};

}  // namespace sekisho::dmarc
