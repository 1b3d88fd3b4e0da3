// Section [policy].
#include "config/option_row.hpp"
#include "policy/reply.hpp"

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
struct Words<policy::Measure> {
  static constexpr std::array<Word<policy::Measure>, 3> all{{{"mark", policy::Measure::mark},
                                                             {"hold", policy::Measure::hold},
                                                             {"reject", policy::Measure::reject}}};
};
template <>
struct Words<policy::OnTempError> {
  static constexpr std::array<Word<policy::OnTempError>, 2> all{
      {{"accept", policy::OnTempError::accept}, {"tempfail", policy::OnTempError::tempfail}}};
};
template <>
struct Words<policy::OnBadAuthor> {
  static constexpr std::array<Word<policy::OnBadAuthor>, 2> all{
      {{"accept", policy::OnBadAuthor::accept}, {"reject", policy::OnBadAuthor::reject}}};
};

namespace {

void add_author_rows(std::vector<Option>& table) {
  table.push_back(row(
      "policy.multiple_from", [](auto& o) -> auto& { return o.policy.multiple_from; },
      "Action for a message with several From fields."));
  table.push_back(row(
      "policy.multiple_authors", [](auto& o) -> auto& { return o.policy.multiple_authors; },
      "Action for a message with a From field that names several domains."));
  table.push_back(row(
      "policy.no_from", [](auto& o) -> auto& { return o.policy.no_from; },
      "Action for a message without a From field."));
  table.push_back(row(
      "policy.unparsable_from", [](auto& o) -> auto& { return o.policy.unparsable_from; },
      "Action for a message with a From field that cannot be read."));
  table.push_back(row(
      "policy.max_forged_fields", [](auto& o) -> auto& { return o.policy.max_forged_fields; },
      "Maximum number of header fields in our name to remove; a message with more is refused.",
      counts(1, 1'000)));
}

void add_envelope_rows(std::vector<Option>& table) {
  table.push_back(row(
      "policy.spf_on_fail", [](auto& o) -> auto& { return o.policy.spf_on_fail; },
      "Action if SPF fails for the sender."));
  table.push_back(row(
      "policy.spf_on_softfail", [](auto& o) -> auto& { return o.policy.spf_on_softfail; },
      "Action if the SPF result for the sender is softfail."));
  table.push_back(row(
      "policy.spf_on_permerror", [](auto& o) -> auto& { return o.policy.spf_on_permerror; },
      "Action if the sender's SPF record is broken."));
  table.push_back(row(
      "policy.iprev_on_fail", [](auto& o) -> auto& { return o.policy.iprev_on_fail; },
      "Action if the client's name does not resolve to its address."));
  table.push_back(row(
      "policy.iprev_on_permerror", [](auto& o) -> auto& { return o.policy.iprev_on_permerror; },
      "Action if the client's address has no name."));
}

void add_reply_rows(std::vector<Option>& table) {
  table.push_back(row(
      "policy.url", [](auto& o) -> auto& { return o.policy.url; },
      "URL of a page that explains refusals to senders.",
      Check<std::string>(policy::find_url_fault)));
  table.push_back(row(
      "policy.reply", [](auto& o) -> auto& { return o.policy.reply; },
      "Lines of the reply to a refused message.",
      Check<std::vector<std::string>>(policy::find_template_fault)));
  table.push_back(row(
      "policy.dry_run", [](auto& o) -> auto& { return o.policy.dry_run; },
      "Make and log all decisions, but enforce none."));
}

}  // namespace

void add_policy_rows(std::vector<Option>& table) {
  table.push_back(row(
      "policy.on_reject", [](auto& o) -> auto& { return o.policy.on_reject; },
      "Action for a message that fails DMARC under p=reject."));
  table.push_back(row(
      "policy.on_quarantine", [](auto& o) -> auto& { return o.policy.on_quarantine; },
      "Action for a message that fails DMARC under p=quarantine."));
  table.push_back(row(
      "policy.on_temperror", [](auto& o) -> auto& { return o.policy.on_temperror; },
      "Action if a DNS failure leaves open whether a message must be refused."));
  add_author_rows(table);
  add_envelope_rows(table);
  table.push_back(row(
      "policy.require_signature_from",
      [](auto& o) -> auto& { return o.policy.require_signature_from; },
      "Domains whose authors, with those of their subdomains, need a DKIM signature."));
  add_reply_rows(table);
}

}  // namespace sekisho::config
