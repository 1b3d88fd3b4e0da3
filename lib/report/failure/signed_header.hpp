// The input of a signature's header hash (RFC 6591 §3.2.4, RFC 6376 §3.7).
#pragma once

#include "dkim/result.hpp"
#include "mail/header_field.hpp"

#include <cstddef>
#include <string>

namespace sekisho::report::failure {

/// Limit in a report. Larger input is left out, since a part of it is useless.
inline constexpr std::size_t max_signed_header_octets = 32'768;

/// Returns the signed fields of `header` and the signature's own field, canonicalized as the
/// signature says: the input of hash step 2 of RFC 6376 §3.7. Returns "" if they are too large, or
/// if `header` does not have that signature in readable form.
[[nodiscard]] std::string signed_header(const mail::HeaderSection& header,
                                        const dkim::Result& signature);

}  // namespace sekisho::report::failure
