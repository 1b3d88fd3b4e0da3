#include "policy/preflight_mode.hpp"

#include "policy/rule_choice.hpp"

#include <optional>
#include <utility>

namespace sekisho::policy {

namespace {

int strictness(Preflight preflight) {
  switch (preflight) {
    case Preflight::off:
      return 0;
    case Preflight::note:
      return 1;
    case Preflight::as_configured:
      return 2;
    case Preflight::refuse:
      return 3;
  }
  std::unreachable();
}

}  // namespace

Preflight find_preflight(const findings::Findings& findings, const Signs& signs,
                         const Options& options) {
  std::optional<Preflight> mildest;
  for (const RuleChoice& choice : choose_rules(options.rules, findings, signs.list_id)) {
    const Preflight each =
        choice.rule ? options.rules[*choice.rule].preflight : Preflight::as_configured;
    if (!mildest || strictness(each) < strictness(*mildest)) {
      mildest = each;
    }
  }
  return mildest.value_or(Preflight::as_configured);
}

}  // namespace sekisho::policy
