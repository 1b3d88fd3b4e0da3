// Which rule decides over a message, or over one recipient of it.
#pragma once

#include "policy/judgement.hpp"
#include "policy/rule.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace sekisho::policy {

struct RuleChoice {
  std::optional<std::size_t> rule;    ///< The first that matches; nullopt: the options decide.
  std::vector<std::size_t> dry_runs;  ///< Those that match and only tell, up to it.
  bool is_undecided = false;          ///< A rule may still match once the message is there.

  bool operator==(const RuleChoice&) const = default;
};
[[nodiscard]] RuleChoice choose_rule(const std::vector<Rule>& rules, const Facts& facts);

/// One choice for each way in which recipients differ, at least one.
[[nodiscard]] std::vector<RuleChoice> choose_rules(const std::vector<Rule>& rules,
                                                   const findings::Findings& findings,
                                                   std::string_view list_id);

/// What the rule says. Where it lets a DMARC failure pass, that is its override.
[[nodiscard]] Judgement judge_by_rule(const std::vector<Rule>& rules, std::size_t index,
                                      const findings::Findings& findings);

}  // namespace sekisho::policy
