#include "report/analysis/advice.hpp"

#include "mail/ascii.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace sekisho::report::analysis {

namespace {

using dmarc::Policy;

std::string percent(double share) {
  // In tenths, and never nothing where there is something.
  const auto tenths = static_cast<unsigned>(std::ceil(share * 1'000.0 - 0.000'001));
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " %";
}

Policy stricter(Policy policy) {
  return policy == Policy::none ? Policy::quarantine : Policy::reject;
}

Policy milder(Policy policy) {
  return policy == Policy::reject ? Policy::quarantine : Policy::none;
}

/// What the rule speaks of.
struct Shares {
  std::uint64_t own = 0;  ///< Messages that may be the domain's own.
  double at_risk = 0;
  double changed = 0;
  double spf_only = 0;
};

bool is_passing_stranger(const MailSource& sender, const AdviceRule& rule) {
  return sender.kind == SenderKind::stranger && sender.days < rule.days_of_stranger;
}

Shares shares_of(const DomainEvidence& evidence, const AdviceRule& rule) {
  std::uint64_t at_risk = 0;
  Shares shares;
  for (const MailSource& sender : evidence.senders) {
    if (sender.kind == SenderKind::nobody || is_passing_stranger(sender, rule)) {
      continue;
    }
    shares.own += sender.total.messages;
    if (sender.kind == SenderKind::own || sender.kind == SenderKind::stranger) {
      at_risk += sender.total.messages;
    }
  }
  if (shares.own > 0) {
    const auto share = [&](std::uint64_t part) {
      return static_cast<double>(part) / static_cast<double>(shares.own);
    };
    shares.at_risk = share(at_risk);
    shares.changed = share(evidence.messages_of(SenderKind::changed));
    shares.spf_only = share(evidence.messages_of(SenderKind::spf_only));
  }
  return shares;
}

std::string task_for(const MailSource& sender) {
  const std::string messages = " (" + std::to_string(sender.total.messages) + " messages)";
  switch (sender.kind) {
    case SenderKind::spf_only:
      return sender.name + messages +
             ": have it sign with DKIM in your domain: SPF alone is lost where mail is forwarded";
    case SenderKind::own:
      return sender.name + messages +
             ": some of its mail passes and this does not: look for a program there that neither "
             "signs nor sends by the way that SPF allows";
    case SenderKind::stranger:
      return sender.name + messages +
             ": authenticates as itself alone: if it sends for you, let it sign with your domain; "
             "if not, say --not-ours " +
             sender.name;
    case SenderKind::signs:
    case SenderKind::changed:
    case SenderKind::nobody:
      break;
  }
  return "";
}

std::vector<std::string> tasks(const DomainEvidence& evidence, const AdviceRule& rule) {
  constexpr std::size_t most = 20;
  std::vector<std::string> tasks;
  for (const SenderKind kind : {SenderKind::own, SenderKind::stranger, SenderKind::spf_only}) {
    for (const MailSource& sender : evidence.senders) {
      if (sender.kind == kind && !is_passing_stranger(sender, rule) && tasks.size() < most) {
        tasks.push_back(task_for(sender));
      }
    }
  }
  return tasks;
}

// Whether there is enough to judge by; if not, says so.
bool is_enough(const DomainEvidence& evidence, const Shares& shares, std::size_t days,
               const AdviceRule& rule, Advice& advice) {
  if (shares.own < rule.messages) {
    advice.reasons.push_back("the reports tell of " + std::to_string(shares.own) +
                             " messages that may be the domain's own; " +
                             std::to_string(rule.messages) + " are the least to judge by");
    return false;
  }
  if (evidence.days.size() < days) {
    advice.reasons.push_back("there are reports of " + std::to_string(evidence.days.size()) +
                             " days; " + std::to_string(days) +
                             " are the least for this step, so that what sends once in a while is "
                             "seen");
    return false;
  }
  return true;
}

bool is_below(double share, double limit, const char* what, Advice& advice) {
  const bool below = share <= limit;
  advice.reasons.push_back(percent(share) + " of the mail that may be the domain's own " + what +
                           (below ? ", no more than " : ", more than ") + percent(limit));
  return below;
}

// What keeps the domain from `wanted`, if anything does.
bool may_take(Policy wanted, const DomainEvidence& evidence, const Shares& shares,
              const AdviceRule& rule, Advice& advice) {
  const bool reject = wanted == Policy::reject;
  if (!is_enough(evidence, shares, reject ? rule.days_for_reject : rule.days_for_quarantine, rule,
                 advice)) {
    return false;
  }
  const bool safe =
      is_below(shares.at_risk, reject ? rule.at_risk_for_reject : rule.at_risk_for_quarantine,
               "fails without having been changed on the way", advice);
  if (!reject) {
    return safe;
  }
  return is_below(shares.changed, rule.changed_for_reject,
                  "fails by what lists and forwarders change", advice) &&
         safe;
}

bool is_losing(Policy current, const Shares& shares, const AdviceRule& rule) {
  switch (current) {
    case Policy::none:
      return false;
    case Policy::quarantine:
      return shares.at_risk > rule.at_risk_to_leave_quarantine;
    case Policy::reject:
      return shares.at_risk > rule.at_risk_to_leave_reject;
  }
  std::unreachable();
}

void decide_step(const dmarc::Record& record, const DomainEvidence& evidence, const Shares& shares,
                 const AdviceRule& rule, Advice& advice) {
  const Policy current = record.policy;
  advice.next = current;
  if (shares.own >= rule.messages && is_losing(current, shares, rule)) {
    advice.step = AdviceStep::step_back;
    advice.next = milder(current);
    advice.reasons.push_back(percent(shares.at_risk) +
                             " of the mail that may be the domain's own fails without having been "
                             "changed on the way, under a policy that has it " +
                             (current == Policy::reject ? "refused" : "put aside"));
    return;
  }
  // With t=y the policy is not in force yet (RFC 9989 §4.7): the next step is to have it so.
  if (record.testing && current != Policy::none) {
    if (may_take(current, evidence, shares, rule, advice)) {
      advice.step = AdviceStep::advance;
      advice.reasons.emplace_back("t=y has receivers do less than the policy says");
    }
    return;
  }
  if (current == Policy::reject) {
    advice.step = AdviceStep::done;
    advice.reasons.emplace_back("there is no stricter policy");
    return;
  }
  const Policy wanted = stricter(current);
  if (may_take(wanted, evidence, shares, rule, advice)) {
    advice.step = AdviceStep::advance;
    advice.next = wanted;
  }
}

void look_at_record(const dmarc::Record& record, const Advice& advice,
                    std::vector<std::string>& to_do) {
  if (record.aggregate_uris.empty()) {
    to_do.emplace_back("the record has no rua=: without it nobody tells what becomes of the mail");
  }
  if (record.subdomain_policy && *record.subdomain_policy < advice.next) {
    to_do.emplace_back("sp= is milder than p=: who cannot forge the domain forges a name below it");
  }
}

std::string first_record(const std::string& domain) {
  return "v=DMARC1; p=none; rua=mailto:dmarc-reports@" + domain;
}

}  // namespace

std::string_view format_advice_step(AdviceStep step) {
  switch (step) {
    case AdviceStep::publish:
      return "publish";
    case AdviceStep::advance:
      return "advance";
    case AdviceStep::stay:
      return "stay";
    case AdviceStep::step_back:
      return "step_back";
    case AdviceStep::done:
      return "done";
  }
  std::unreachable();
}

std::string with_policy(std::string_view record_text, Policy policy) {
  std::string record;
  while (!record_text.empty()) {
    const auto end = std::min(record_text.find(';'), record_text.size());
    const std::string_view tag = mail::trimmed(record_text.substr(0, end));
    record_text.remove_prefix(std::min(end + 1, record_text.size()));
    const std::string name = mail::to_lower(mail::trimmed(tag.substr(0, tag.find('='))));
    if (name.empty() || name == "t" || name == "p" || name == "pct" || name == "rf" ||
        name == "ri") {
      continue;
    }
    record += record.empty() ? "" : "; ";
    record += tag;
    if (name == "v") {
      record.append("; p=").append(dmarc::format_policy(policy));
    }
  }
  return record;
}

Advice advise(const DomainEvidence& evidence, const std::optional<std::string>& record_text,
              const AdviceRule& rule) {
  Advice advice;
  const Shares shares = shares_of(evidence, rule);
  advice.at_risk = shares.at_risk;
  advice.changed = shares.changed;
  advice.spf_only = shares.spf_only;
  advice.to_do = tasks(evidence, rule);
  const auto record = dmarc::parse_record(record_text.value_or(""));
  if (!record || !record->usable) {
    advice.step = AdviceStep::publish;
    advice.reasons.emplace_back(record_text ? "the record that is published cannot be used"
                                            : "no record is published");
    advice.record = first_record(evidence.domain);
    return advice;
  }
  advice.current = record->policy;
  decide_step(*record, evidence, shares, rule, advice);
  look_at_record(*record, advice, advice.to_do);
  const bool changes = advice.step == AdviceStep::advance || advice.step == AdviceStep::step_back;
  advice.record = changes ? with_policy(*record_text, advice.next) : *record_text;
  return advice;
}

}  // namespace sekisho::report::analysis
