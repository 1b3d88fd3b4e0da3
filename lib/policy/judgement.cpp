#include "policy/judgement.hpp"

#include <cstddef>
#include <utility>

namespace sekisho::policy {

namespace {

Action action_of(Measure measure) {
  switch (measure) {
    case Measure::mark:
      return Action::accept;
    case Measure::hold:
      return Action::quarantine;
    case Measure::reject:
      return Action::reject;
  }
  std::unreachable();
}

}  // namespace

std::string_view format_measure(Measure measure) {
  switch (measure) {
    case Measure::mark:
      return "mark";
    case Measure::hold:
      return "hold";
    case Measure::reject:
      return "reject";
  }
  std::unreachable();
}

Judgement take(Measure measure, const std::string& option, Step found, Refusal refusal) {
  found.decided += option + " = " + std::string(format_measure(measure));
  return {action_of(measure), std::move(found), std::move(refusal), {}};
}

std::string shortened(const std::string& domain) {
  constexpr std::size_t longest = 80;
  return domain.size() <= longest ? domain : "..." + domain.substr(domain.size() - longest);
}

}  // namespace sekisho::policy
