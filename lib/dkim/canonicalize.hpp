// Canonicalisation (RFC 6376 §3.4).
#pragma once

#include "mail/header_field.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sekisho::dkim {

enum class Canonicalization : std::uint8_t { simple, relaxed };

[[nodiscard]] std::string_view format_canonicalization(Canonicalization canonicalization);

struct CanonicalizationPair {
  Canonicalization header = Canonicalization::simple;
  Canonicalization body = Canonicalization::simple;

  bool operator==(const CanonicalizationPair&) const = default;
};
/// The value of a c= tag: `header/body`, or `header` alone, which leaves the body simple (RFC 6376
/// §3.5). Nullopt where a word is not known.
[[nodiscard]] std::optional<CanonicalizationPair> parse_canonicalization_pair(
    std::string_view text);
[[nodiscard]] std::string format_canonicalization_pair(const CanonicalizationPair& pair);

/// Appends the field as it is hashed, with CRLF at the end (RFC 6376 §3.4.1, §3.4.2).
void append_canonical_header(std::string& output, const mail::HeaderField& field,
                             Canonicalization canonicalization);
/// The same alone.
[[nodiscard]] std::string canonicalize_header(const mail::HeaderField& field,
                                              Canonicalization canonicalization);

}  // namespace sekisho::dkim
