// A signature of ours, found again in a message that comes back to us.
#pragma once

#include "dkim/signing_key.hpp"
#include "mail/header_field.hpp"

#include <span>

namespace sekisho::dkim {

/// Whether `field`, a DKIM-Signature of `header`, was made with one of `keys` over the header as it
/// stands now. The body is not looked at: what comes back from a filter may have another one. No
/// look-up; neither x= nor the DNS counts. At most 1000 names in h=.
[[nodiscard]] bool is_own_signature(const mail::HeaderSection& header,
                                    const mail::HeaderField& field,
                                    std::span<const SigningKeyPtr> keys);

}  // namespace sekisho::dkim
