// The tags of a DMARC record, one by one (RFC 9989 §4.7, §4.8).
#pragma once

#include "domain_check/examination.hpp"

#include <string>

namespace sekisho::domain_check {

/// `text` begins with v=DMARC1; `name` is where it was found.
void check_dmarc_record(Examination& examination, const std::string& name, const std::string& text);

}  // namespace sekisho::domain_check
