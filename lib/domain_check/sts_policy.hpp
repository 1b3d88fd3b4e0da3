// The check of a domain's MTA-STS policy (RFC 8461 §3.2, §4.1).
#pragma once

#include "domain_check/examination.hpp"
#include "domain_check/mail_hosts.hpp"
#include "mta_sts/policy.hpp"

#include <optional>

namespace sekisho::domain_check {

/// Fetches the policy, and compares it with the mail hosts. Nullopt if there is no valid one.
/// Options::connections must be set.
[[nodiscard]] std::optional<mta_sts::Policy> check_sts_policy(Examination& examination,
                                                              const MailHosts& hosts);

/// For a domain without the record: senders may have cached a policy that is still served (RFC 8461
/// §8.3). Options::connections must be set.
void check_sts_removal(Examination& examination);

}  // namespace sekisho::domain_check
