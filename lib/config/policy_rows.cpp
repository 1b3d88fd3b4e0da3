// Section [policy].
#include "config/option_row.hpp"

#include <array>

namespace sekisho::config {

template <>
struct Words<policy::OnReject> {
  static constexpr std::array<Word<policy::OnReject>, 4> all{
      {{"mark", policy::OnReject::mark},
       {"quarantine", policy::OnReject::quarantine},
       {"reject_direct", policy::OnReject::reject_direct},
       {"reject", policy::OnReject::reject}}};
};
template <>
struct Words<policy::OnQuarantine> {
  static constexpr std::array<Word<policy::OnQuarantine>, 3> all{
      {{"mark", policy::OnQuarantine::mark},
       {"hold", policy::OnQuarantine::hold},
       {"reject", policy::OnQuarantine::reject}}};
};
template <>
struct Words<policy::OnBadAuthor> {
  static constexpr std::array<Word<policy::OnBadAuthor>, 2> all{
      {{"accept", policy::OnBadAuthor::accept}, {"reject", policy::OnBadAuthor::reject}}};
};

void add_policy_rows(std::vector<Option>& table) {
  table.push_back(row(
      "policy.on_reject", [](auto& o) -> auto& { return o.policy.on_reject; },
      "What is done to a message that fails DMARC under p=reject."));
  table.push_back(row(
      "policy.on_quarantine", [](auto& o) -> auto& { return o.policy.on_quarantine; },
      "What is done to a message that fails DMARC under p=quarantine."));
  table.push_back(row(
      "policy.multiple_from", [](auto& o) -> auto& { return o.policy.multiple_from; },
      "What is done to a message with several From fields."));
  table.push_back(row(
      "policy.multiple_authors", [](auto& o) -> auto& { return o.policy.multiple_authors; },
      "What is done to a message whose From field names several domains."));
  table.push_back(row(
      "policy.no_from", [](auto& o) -> auto& { return o.policy.no_from; },
      "What is done to a message without a From field."));
  table.push_back(row(
      "policy.unparsable_from", [](auto& o) -> auto& { return o.policy.unparsable_from; },
      "What is done to a message whose From field cannot be read."));
}

}  // namespace sekisho::config
