#include "policy/decide.hpp"

#include "policy/author.hpp"
#include "policy/dmarc.hpp"
#include "policy/envelope.hpp"
#include "policy/judgement.hpp"
#include "policy/reply.hpp"
#include "policy/required_signature.hpp"
#include "policy/role.hpp"
#include "policy/rule_choice.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace sekisho::policy {

namespace {

void add(std::optional<Judgement> judgement, std::vector<Judgement>& judgements) {
  if (judgement) {
    judgements.push_back(*std::move(judgement));
  }
}

// Of a host that does not know us, none has such a field, and of one that does, one or two.
// Hundreds are there to have an MTA remove them.
std::optional<Judgement> judge_forged_fields(const findings::Findings& findings,
                                             const Options& options) {
  if (findings.forged_fields <= options.max_forged_fields) {
    return std::nullopt;
  }
  const std::string most = std::to_string(options.max_forged_fields);
  return Judgement{
      Action::reject,
      {"policy.max_forged_fields = " + most,
       std::to_string(findings.forged_fields) + " header fields in our name", "RFC 8601 §5"},
      {"550", "5.7.1",
       "Message has more than " + most + " header fields that only this host may add", ""},
      {}};
}

std::vector<Judgement> judge(const findings::Findings& findings, const Signs& signs,
                             const Options& options) {
  std::vector<Judgement> judgements;
  add(judge_role(findings, options), judgements);
  add(judge_author(findings, options), judgements);
  add(judge_spf(findings, options), judgements);
  add(judge_iprev(findings, options), judgements);
  add(judge_signatures(findings, options), judgements);
  add(judge_dmarc(findings, find_indirect_sign(signs, findings), options), judgements);
  return judgements;
}

int strictness(Action action) {
  switch (action) {
    case Action::accept:
      return 0;
    case Action::quarantine:
      return 1;
    case Action::discard:
      return 2;
    case Action::tempfail:
      return 3;
    case Action::reject:
      return 4;
  }
  std::unreachable();
}

Action strictest(const std::vector<Judgement>& judgements) {
  const auto found = std::ranges::max_element(
      judgements, {}, [](const Judgement& each) { return strictness(each.action); });
  return found == judgements.end() ? Action::accept : found->action;
}

std::string reason_of(const std::vector<Judgement>& deciding) {
  std::string reason;
  for (const Judgement& each : deciding) {
    reason += (reason.empty() ? "" : "; ") + each.step.decided + ": " + each.step.found;
  }
  return reason;
}

void take_overrides(const Judgement& judgement, Disposition& disposition) {
  const findings::Overrides& overrides = judgement.overrides;
  if (overrides.dmarc) {
    disposition.overrides.dmarc = overrides.dmarc;
  }
  if (overrides.spf) {
    disposition.overrides.spf = overrides.spf;
  }
  if (overrides.iprev) {
    disposition.overrides.iprev = overrides.iprev;
  }
}

// Whether the option is stricter than the rule that decides instead, which is then told.
bool is_outweighed(const std::optional<Judgement>& by_option, Judgement& by_rule) {
  if (!by_option || strictness(by_option->action) <= strictness(by_rule.action)) {
    return false;
  }
  by_rule.step.found += ", over " + by_option->step.decided;
  return true;
}

Judgement judge_by(std::size_t rule, const findings::Findings& findings, const Options& options) {
  Judgement judgement = judge_by_rule(options.rules, rule, findings);
  if (judgement.action != Action::accept && judgement.action != Action::quarantine) {
    return judgement;
  }
  const findings::Override note{options.rules[rule].report,
                                name_of(options.rules, rule) + ": " + judgement.step.found};
  if (is_outweighed(judge_spf(findings, options), judgement)) {
    judgement.overrides.spf = note;
  }
  if (is_outweighed(judge_iprev(findings, options), judgement)) {
    judgement.overrides.iprev = note;
  }
  static_cast<void>(is_outweighed(judge_signatures(findings, options), judgement));
  return judgement;
}

Disposition settle(const std::vector<Judgement>& judgements, const findings::Findings& findings,
                   const Options& options) {
  Disposition disposition;
  disposition.action = strictest(judgements);
  std::vector<Judgement> deciding;
  std::vector<Refusal> refusals;
  for (const Judgement& each : judgements) {
    disposition.path.push_back(each.step);
    if (each.action == disposition.action && !each.is_remark) {
      deciding.push_back(each);
      refusals.push_back(each.refusal);
    }
    disposition.enforced = std::max(disposition.enforced, each.enforced);
    take_overrides(each, disposition);
  }
  disposition.reason = reason_of(deciding);
  if (disposition.action == Action::reject || disposition.action == Action::tempfail) {
    disposition.reply = write_reply(refusals, findings, options);
  }
  return disposition;
}

// What rules in a dry run would do is told, with the rest as it is.
void tell_dry_runs(const RuleChoice& choice, const findings::Findings& findings,
                   const Options& options, Disposition& disposition) {
  std::string told;
  std::vector<Step> path;
  for (const std::size_t index : choice.dry_runs) {
    const Judgement judgement = judge_by_rule(options.rules, index, findings);
    path.push_back(judgement.step);
    path.back().decided += ", dry run";
    told += name_of(options.rules, index) + ", dry run, would " +
            std::string(format_action(judgement.action)) + ": " + judgement.step.found + "; ";
    if (judgement.action != Action::accept && !disposition.withheld) {
      disposition.withheld = judgement.action;
    }
  }
  if (!told.empty() && disposition.reason.empty()) {
    told.resize(told.size() - 2);
  }
  disposition.reason.insert(0, told);
  disposition.path.insert(disposition.path.begin(), path.begin(), path.end());
}

Disposition decide_by(const RuleChoice& choice, const findings::Findings& findings,
                      const Signs& signs, const Options& options) {
  std::vector<Judgement> judgements = choice.rule
                                          ? std::vector{judge_by(*choice.rule, findings, options)}
                                          : judge(findings, signs, options);
  add(judge_forged_fields(findings, options), judgements);
  Disposition disposition = settle(judgements, findings, options);
  if (!disposition.overrides.dmarc) {
    disposition.overrides.dmarc = find_override(findings, options.trusted_sealers);
  }
  tell_dry_runs(choice, findings, options, disposition);
  return disposition;
}

Disposition refuse_instead_of_discarding(Disposition disposition,
                                         const findings::Findings& findings,
                                         const Options& options) {
  disposition.action = Action::reject;
  disposition.reason += "; refused, as not all recipients want it discarded";
  const Refusal refusal{"550", "5.7.1", "Refused by local policy", ""};
  disposition.reply = write_reply({refusal}, findings, options);
  return disposition;
}

Disposition decide_for_all(const findings::Findings& findings, const Signs& signs,
                           const Options& options) {
  std::vector<Disposition> dispositions;
  for (const RuleChoice& choice : choose_rules(options.rules, findings, signs.list_id)) {
    dispositions.push_back(decide_by(choice, findings, signs, options));
  }
  const auto strictest = std::ranges::max_element(
      dispositions, {}, [](const Disposition& each) { return strictness(each.action); });
  const bool agree = std::ranges::all_of(
      dispositions, [&](const Disposition& each) { return each.action == strictest->action; });
  if (strictest->action == Action::discard && !agree) {
    return refuse_instead_of_discarding(*strictest, findings, options);
  }
  return *strictest;
}

// Nothing is done; all that would be is told.
Disposition withheld(Disposition disposition, const findings::Findings& findings) {
  if (disposition.action == Action::accept) {
    return disposition;
  }
  disposition.withheld = std::exchange(disposition.action, Action::accept);
  disposition.reason = "dry run, would " + std::string(format_action(*disposition.withheld)) +
                       ": " + disposition.reason;
  disposition.reply = {};
  disposition.enforced = dmarc::Policy::none;
  if (fails_dmarc(findings)) {
    disposition.overrides.dmarc = {dmarc::OverrideType::local_policy, "dry run"};
  }
  return disposition;
}

}  // namespace

Disposition decide(const findings::Findings& findings, const Signs& signs, const Options& options) {
  Disposition disposition = decide_for_all(findings, signs, options);
  return options.dry_run ? withheld(std::move(disposition), findings) : disposition;
}

std::optional<Disposition> decide_recipient(const findings::Findings& findings,
                                            const std::string& recipient, const Options& options) {
  const RuleChoice choice =
      choose_rule(options.rules, {findings, "", recipient, /*has_message=*/false});
  if (options.dry_run || choice.is_undecided) {
    return std::nullopt;
  }
  std::vector<Judgement> judgements;
  if (choice.rule) {
    judgements = {judge_by_rule(options.rules, *choice.rule, findings)};
  } else {
    add(judge_spf(findings, options), judgements);
    add(judge_iprev(findings, options), judgements);
  }
  Disposition disposition = settle(judgements, findings, options);
  const bool refused =
      disposition.action == Action::reject || disposition.action == Action::tempfail;
  return refused ? std::optional(std::move(disposition)) : std::nullopt;
}

}  // namespace sekisho::policy
