// Canonicalisation (RFC 6376 §3.4).
#pragma once

#include "mail/header_field.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace sekisho::dkim {

enum class Canonicalization : std::uint8_t { simple, relaxed };

/// The field as it is hashed, with CRLF at the end (RFC 6376 §3.4.1, §3.4.2).
[[nodiscard]] std::string canonicalize_header(const mail::HeaderField& field,
                                              Canonicalization canonicalization);

}  // namespace sekisho::dkim
