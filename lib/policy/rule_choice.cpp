#include "policy/rule_choice.hpp"

#include "mail/author.hpp"
#include "policy/dmarc.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace sekisho::policy {

namespace {

Refusal refusal_by(const Rule& rule, const findings::Findings& findings) {
  const bool for_good = rule.action != Action::tempfail;
  const std::string_view detail = rule.tls ? "7.10" : "7.1";  // X.7.10 is "Encryption Needed"
  const bool has_author = findings.author.status == mail::AuthorStatus::single_domain;
  return {for_good ? "550" : "451", (for_good ? "5." : "4.") + std::string(detail),
          !rule.reason.empty() ? rule.reason
          : rule.tls           ? "The encryption of the connection is not accepted by local policy"
          : for_good           ? "Refused by local policy"
                               : "Not accepted for the time being by local policy",
          has_author ? shortened(findings.author.domains.front().text()) : ""};
}

/// As which policy of an author an action may pass.
dmarc::Policy policy_like(Action action) {
  switch (action) {
    case Action::accept:
    case Action::tempfail:
      return dmarc::Policy::none;
    case Action::quarantine:
      return dmarc::Policy::quarantine;
    case Action::reject:
    case Action::discard:
      return dmarc::Policy::reject;
  }
  std::unreachable();
}

}  // namespace

RuleChoice choose_rule(const std::vector<Rule>& rules, const Facts& facts) {
  RuleChoice choice;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const Match matched = match(rules[i], facts);
    if (matched == Match::no) {
      continue;
    }
    if (rules[i].dry_run) {
      choice.dry_runs.push_back(i);
      continue;
    }
    if (matched == Match::undecided && rules[i].action == Action::reject) {
      continue;  // refused now or at the end: it is all one
    }
    if (matched == Match::undecided) {
      choice.is_undecided = true;
      return choice;
    }
    choice.rule = i;
    return choice;
  }
  return choice;
}

std::vector<RuleChoice> choose_rules(const std::vector<Rule>& rules,
                                     const findings::Findings& findings, std::string_view list_id) {
  const bool differ =
      std::ranges::any_of(rules, [](const Rule& rule) { return rule.recipient.is_given(); });
  std::vector<RuleChoice> choices;
  if (!differ || findings.envelope.recipients.empty()) {
    return {choose_rule(rules, {findings, list_id, ""})};
  }
  for (const std::string& recipient : findings.envelope.recipients) {
    RuleChoice choice = choose_rule(rules, {findings, list_id, recipient});
    if (std::ranges::find(choices, choice) == choices.end()) {
      choices.push_back(std::move(choice));
    }
  }
  return choices;
}

Judgement judge_by_rule(const std::vector<Rule>& rules, std::size_t index,
                        const findings::Findings& findings) {
  const Rule& rule = rules[index];
  const std::string name = name_of(rules, index);
  const std::string found = rule.reason.empty() ? "all its conditions hold" : rule.reason;
  Judgement judgement;
  judgement.action = rule.action.value_or(Action::accept);
  judgement.step = {name + ", action = " + std::string(format_rule_action(judgement.action)), found,
                    ""};
  judgement.refusal = refusal_by(rule, findings);
  if (!fails_dmarc(findings)) {
    return judgement;
  }
  judgement.enforced = policy_like(judgement.action);
  if (rule.action == Action::accept || rule.action == Action::quarantine) {
    judgement.overrides.dmarc = {rule.report, name + ": " + found};
  }
  return judgement;
}

}  // namespace sekisho::policy
