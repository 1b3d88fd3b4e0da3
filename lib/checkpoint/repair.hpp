// Fields that a submission lacks (RFC 6409 §8.2, §8.3).
#pragma once

#include "checkpoint/services.hpp"
#include "mail/author.hpp"
#include "mail/header_field.hpp"

#include <vector>

namespace sekisho::checkpoint {

/// Message-ID and Date, where the options want them added and `header` has none.
[[nodiscard]] std::vector<mail::HeaderField> missing_fields(const Services& services,
                                                            const mail::HeaderSection& header,
                                                            const mail::Author& author);

}  // namespace sekisho::checkpoint
