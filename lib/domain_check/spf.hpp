// The checks of a domain's SPF record (RFC 7208), from its tree of records.
#pragma once

#include "domain_check/examination.hpp"
#include "domain_check/spf_tree.hpp"

namespace sekisho::domain_check {

void check_spf(Examination& examination, const SpfTree& tree);

}  // namespace sekisho::domain_check
