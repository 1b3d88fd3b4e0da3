// The checks of a domain that neither sends nor receives mail (option parked).
#pragma once

#include "domain_check/dmarc.hpp"
#include "domain_check/examination.hpp"
#include "domain_check/mail_hosts.hpp"
#include "domain_check/spf_tree.hpp"

namespace sekisho::domain_check {

void check_parked(Examination& examination, const SpfTree& spf, const DmarcFound& dmarc,
                  const MailHosts& hosts);

}  // namespace sekisho::domain_check
