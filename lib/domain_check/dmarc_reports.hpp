// The addresses to which DMARC reports go: if they accept them, and if they can receive mail.
#pragma once

#include "dmarc/record.hpp"
#include "domain_check/examination.hpp"
#include "mail/domain.hpp"

namespace sekisho::domain_check {

/// `policy_domain` is where `record` was found.
void check_dmarc_reports(Examination& examination, const mail::Domain& policy_domain,
                         const dmarc::Record& record);

/// Returns true if mail to the domain can be delivered: it has a host in MX, or an address. Nullopt
/// if the DNS does not answer; the reason goes into `failed`.
[[nodiscard]] std::optional<bool> receives_mail(const Examination& examination,
                                                const mail::Domain& domain, std::string& failed);

}  // namespace sekisho::domain_check
