#include "policy/rule.hpp"

#include "mail/address.hpp"
#include "mail/domain.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

namespace sekisho::policy {

namespace {

using mail::Domain;

Match match_of(bool holds) {
  return holds ? Match::yes : Match::no;
}

bool is_among(const std::vector<std::string>& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

// What RFC 5321 does not know for a path an MTA may take all the same, and SPF is asked about its
// domain. Nobody is to slip past a rule by a local part that cannot be read.
std::optional<Domain> domain_behind_last_at(std::string_view path) {
  const std::size_t at = path.rfind('@');
  return at == std::string_view::npos ? std::nullopt : Domain::parse(path.substr(at + 1));
}

bool covers_path(const NameSet& names, std::string_view path) {
  const auto mailbox = mail::parse_path(path);
  if (!mailbox) {
    return names.covers("", domain_behind_last_at(path));
  }
  if (!*mailbox) {
    return names.has_null_sender();
  }
  return names.covers((*mailbox)->local_part, (*mailbox)->domain);
}

bool covers_author(const NameSet& names, const mail::Author& author) {
  return author.status == mail::AuthorStatus::single_domain &&
         std::ranges::all_of(author.mailboxes, [&](const mail::Mailbox& mailbox) {
           return names.covers(mailbox.local_part, mailbox.domain);
         });
}

bool covers_sealers(const NameSet& names, const arc::ChainResult& arc) {
  return arc.status == arc::ChainStatus::pass && !arc.sealers.empty() &&
         std::ranges::all_of(arc.sealers, [&](const arc::SealIdentity& sealer) {
           return names.covers(sealer.domain);
         });
}

bool covers_client_name(const NameSet& names, const findings::Findings& findings) {
  return findings.iprev && findings.iprev->code == iprev::ResultCode::pass &&
         names.covers("", Domain::parse(findings.iprev->name));
}

bool has_tls(const tls::Requirement& requirement, const findings::Client& client) {
  const bool is_remote = client.address || client.is_unknown;
  return is_remote && requirement.holds(client.tls.version);
}

bool covers_certificate(const NameSet& names, const findings::Client& client) {
  return client.tls.certificate && names.covers("", Domain::parse(client.tls.certificate->subject));
}

bool has_signature_result(const std::vector<std::string>& words,
                          const findings::Findings& findings) {
  if (findings.dkim.empty()) {
    return findings.dkim_checked && is_among(words, "none");
  }
  return std::ranges::any_of(findings.dkim, [&](const dkim::Result& signature) {
    return is_among(words, dkim::format_result_code(signature.code));
  });
}

template <typename Result, typename Format>
bool has_result(const std::vector<std::string>& words, const std::optional<Result>& result,
                Format format) {
  return result && is_among(words, format(result->code));
}

Match match_envelope(const Rule& rule, const Facts& facts) {
  const findings::Findings& found = facts.findings;
  const findings::Client& client = found.client;
  const bool holds =
      (!rule.client.is_given() || (client.address && rule.client.set.contains(*client.address))) &&
      (!rule.login.is_given() || rule.login.set.contains(client.login)) &&
      (!rule.tls || has_tls(*rule.tls, client)) &&
      (!rule.certificate.is_given() || covers_certificate(rule.certificate.set, client)) &&
      (!rule.helo.is_given() || rule.helo.set.covers("", Domain::parse(client.helo))) &&
      (!rule.sender.is_given() || covers_path(rule.sender.set, found.envelope.sender)) &&
      (!rule.recipient.is_given() || covers_path(rule.recipient.set, facts.recipient)) &&
      (!rule.client_name.is_given() || covers_client_name(rule.client_name.set, found)) &&
      (rule.spf.empty() || has_result(rule.spf, found.spf_mail_from, spf::format_result_code)) &&
      (rule.iprev.empty() || has_result(rule.iprev, found.iprev, iprev::format_result_code));
  return match_of(holds);
}

bool narrows(const Condition<NameSet>& condition) {
  return condition.is_given() && !is_among(condition.entries, "*");
}

bool looks_at_message(const Rule& rule) {
  return rule.author.is_given() || rule.list_id.is_given() || rule.arc_sealer.is_given() ||
         !rule.dkim.empty() || !rule.dmarc.empty() || !rule.arc.empty();
}

Match match_message(const Rule& rule, const Facts& facts) {
  const findings::Findings& found = facts.findings;
  const bool holds =
      (!rule.author.is_given() || covers_author(rule.author.set, found.author)) &&
      (!rule.list_id.is_given() || rule.list_id.set.covers("", Domain::parse(facts.list_id))) &&
      (!rule.arc_sealer.is_given() || covers_sealers(rule.arc_sealer.set, found.arc)) &&
      (rule.dkim.empty() || has_signature_result(rule.dkim, found)) &&
      (rule.dmarc.empty() || has_result(rule.dmarc, found.dmarc, dmarc::format_result_code)) &&
      (rule.arc.empty() ||
       (found.arc_checked && is_among(rule.arc, arc::format_chain_status(found.arc.status))));
  return match_of(holds);
}

}  // namespace

std::string_view format_rule_action(Action action) {
  return action == Action::quarantine ? "hold" : format_action(action);
}

Match match(const Rule& rule, const Facts& facts) {
  if (match_envelope(rule, facts) == Match::no) {
    return Match::no;
  }
  if (!looks_at_message(rule)) {
    return Match::yes;
  }
  return facts.has_message ? match_message(rule, facts) : Match::undecided;
}

bool has_condition(const Rule& rule) {
  return looks_at_message(rule) || rule.client.is_given() || rule.client_name.is_given() ||
         rule.helo.is_given() || rule.sender.is_given() || rule.recipient.is_given() ||
         rule.login.is_given() || rule.tls || rule.certificate.is_given() || !rule.spf.empty() ||
         !rule.iprev.empty();
}

bool refuses_recipients(const Rule& rule) {
  const bool refuses = rule.action == Action::reject || rule.action == Action::tempfail;
  return refuses && !rule.dry_run && rule.recipient.is_given() && !looks_at_message(rule);
}

bool accepts_forgeries(const Rule& rule) {
  const std::vector<std::string> pass{"pass"};
  const bool is_vouched_for =
      rule.client.is_given() || narrows(rule.client_name) || narrows(rule.recipient) ||
      rule.login.is_given() || narrows(rule.certificate) || narrows(rule.arc_sealer) ||
      (rule.author.is_given() && rule.dmarc == pass) || (narrows(rule.sender) && rule.spf == pass);
  return rule.action == Action::accept && !is_vouched_for;
}

std::string name_of(const std::vector<Rule>& rules, std::size_t index) {
  const std::string& name = rules[index].name;
  return "rule " + std::to_string(index + 1) + (name.empty() ? "" : " [" + name + "]");
}

}  // namespace sekisho::policy
