#include "policy/decide.hpp"

#include "policy/author.hpp"
#include "policy/dmarc.hpp"
#include "policy/envelope.hpp"
#include "policy/judgement.hpp"
#include "policy/reply.hpp"
#include "policy/required_signature.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace sekisho::policy {

namespace {

std::vector<Judgement> judge(const findings::Findings& findings, const Signs& signs,
                             const Options& options) {
  std::vector<Judgement> judgements;
  for (auto& judgement : {judge_author(findings.author, options), judge_spf(findings, options),
                          judge_iprev(findings, options), judge_signatures(findings, options),
                          judge_dmarc(findings, signs.indirect, options)}) {
    if (judgement) {
      judgements.push_back(*judgement);
    }
  }
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
    if (each.override) {
      disposition.override = each.override;
    }
  }
  disposition.reason = reason_of(deciding);
  if (disposition.action == Action::reject || disposition.action == Action::tempfail) {
    disposition.reply = write_reply(refusals, findings, options);
  }
  return disposition;
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
  if (findings.dmarc && findings.dmarc->code == dmarc::ResultCode::fail) {
    disposition.override = {"local_policy", "dry run"};
  }
  return disposition;
}

}  // namespace

Disposition decide(const findings::Findings& findings, const Signs& signs, const Options& options) {
  Disposition disposition = settle(judge(findings, signs, options), findings, options);
  return options.dry_run ? withheld(std::move(disposition), findings) : disposition;
}

}  // namespace sekisho::policy
