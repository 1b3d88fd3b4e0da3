// The fields of the header section, one by one (RFC 5322 §3.6, RFC 2045 §4).
#pragma once

#include "mail/author.hpp"
#include "mail/domain.hpp"
#include "preflight/finding.hpp"
#include "preflight/form_reader.hpp"

#include <chrono>
#include <vector>

namespace sekisho::preflight {

/// Adds what is wrong with From, and with a display name that shows somebody else.
void check_from(const FormReader& form, const mail::Author& author, std::vector<Finding>& findings);

/// Adds what is wrong with the other fields. `now` is the time of sending.
void check_header(const FormReader& form, const mail::Author& author, std::chrono::sys_seconds now,
                  std::vector<Finding>& findings);

}  // namespace sekisho::preflight
