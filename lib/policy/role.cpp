#include "policy/role.hpp"

#include <string>
#include <utility>

namespace sekisho::policy {

namespace {

// Words for the sender; empty: it may leave.
std::string find_obstacle(const findings::Findings& findings) {
  using findings::NotSigned;
  using findings::Origin;
  if (findings.origin == Origin::outside) {
    return "This service accepts mail of its own users only";
  }
  if (findings.origin == Origin::relayed) {
    return "This service does not accept mail that came from outside";
  }
  if (findings.origin == Origin::returned) {
    return "";
  }
  switch (findings.outgoing.not_signed) {
    case NotSigned::none:
    case NotSigned::no_author:
    case NotSigned::unpublished:
    case NotSigned::unreadable:
      return "";
    case NotSigned::several_authors:
      return "From header field has more than one author";
    case NotSigned::failed_before:
    case NotSigned::unproved:
      return "This service does not accept mail that came from outside";
    case NotSigned::login:
      return "You may not send mail as the author in the From header field";
    case NotSigned::no_key:
      return "This service does not sign mail of the author domain in the From header field";
  }
  std::unreachable();
}

}  // namespace

std::optional<Judgement> judge_role(const findings::Findings& findings, const Options& options) {
  if (options.role != Role::outbound) {
    return std::nullopt;
  }
  if (findings.outgoing.not_signed == findings::NotSigned::unreadable) {
    return Judgement{Action::tempfail,
                     {"role = outbound", findings::describe_not_signed(findings), ""},
                     {"451", "4.3.5", "The key that signs this message cannot be read", ""},
                     {}};
  }
  std::string obstacle = find_obstacle(findings);
  if (obstacle.empty()) {
    return std::nullopt;
  }
  const std::string why = findings::describe_not_signed(findings);
  return Judgement{Action::reject,
                   {"role = outbound", why.empty() ? obstacle : why, ""},
                   {"550", "5.7.1", std::move(obstacle), ""},
                   {}};
}

}  // namespace sekisho::policy
