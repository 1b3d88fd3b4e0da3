// The checks of CAA records (RFC 8659) and of wildcards that answer for policies and keys.
#pragma once

#include "domain_check/examination.hpp"

namespace sekisho::domain_check {

void check_certification_authorities(Examination& examination);
void check_wildcard(Examination& examination);

/// A label that nobody uses; the same at each run for the same domain.
[[nodiscard]] std::string unused_label(const mail::Domain& domain);

}  // namespace sekisho::domain_check
