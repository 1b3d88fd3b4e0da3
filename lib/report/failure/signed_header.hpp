// What a signature's header hash was made of (RFC 6591 §3.2.4, RFC 6376 §3.7).
#pragma once

#include "dkim/result.hpp"
#include "mail/header_field.hpp"

#include <cstddef>
#include <string>

namespace sekisho::report::failure {

/// More is left out of a report: half of a header section would be of no use to anybody.
inline constexpr std::size_t max_signed_header_octets = 32'768;

/// The signed fields of `header` and the signature's own, canonicalised as the signature says: all
/// that hash step 2 of RFC 6376 §3.7 takes. "" where they are too large, or where `header` does not
/// have that signature in a form that can be read.
[[nodiscard]] std::string signed_header(const mail::HeaderSection& header,
                                        const dkim::Result& signature);

}  // namespace sekisho::report::failure
