// Messages whose author cannot be one domain (RFC 5322 §3.6, RFC 9989 §11.5).
#pragma once

#include "findings/findings.hpp"
#include "policy/judgement.hpp"

#include <optional>

namespace sekisho::policy {

/// Nullopt: there is one author domain, and in mail of our users one author, or the option lets
/// what there is pass. A remark without consequences:
/// - where the author domain is known and the display part of From is no valid one: DMARC decides;
/// - of mail of our own hosts (origin internal), whatever the fault;
/// - of mail of our users, where the fault cannot hide another author;
/// - of a delivery report (null sender) whose From is `<>` or MAILER-DAEMON without a domain.
[[nodiscard]] std::optional<Judgement> judge_author(const findings::Findings& findings,
                                                    const Options& options);

}  // namespace sekisho::policy
