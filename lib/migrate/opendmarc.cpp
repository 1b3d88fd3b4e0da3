// OpenDMARC 1.4: opendmarc.conf(5), and what its program knows beyond its page.
#include "mail/ascii.hpp"
#include "mail/domain.hpp"
#include "migrate/conversion.hpp"
#include "migrate/milter_options.hpp"

#include <algorithm>

namespace sekisho::migrate {

namespace {

std::vector<std::string> texts_of(const DataSet& set) {
  std::vector<std::string> texts;
  std::ranges::transform(set.members, std::back_inserter(texts), &Member::text);
  return texts;
}

void set_word(const char* option, const char* word, const Statement& statement,
              Conversion& conversion) {
  conversion.draft().set(option, quoted(std::string(word)), statement);
}

void convert_reject_failures(const Statement& statement, Conversion& conversion) {
  if (const auto is_on = boolean_of(statement, conversion)) {
    set_word("policy.on_reject", *is_on ? "reject" : "mark", statement, conversion);
    set_word("policy.on_temperror", *is_on ? "tempfail" : "accept", statement, conversion);
  }
}

void convert_hold(const Statement& statement, Conversion& conversion) {
  if (const auto is_on = boolean_of(statement, conversion)) {
    set_word("policy.on_quarantine", *is_on ? "hold" : "mark", statement, conversion);
  }
}

void convert_multi_value_from(const Statement& statement, Conversion& conversion) {
  if (const auto is_on = boolean_of(statement, conversion)) {
    set_word("policy.multiple_authors", *is_on ? "reject" : "accept", statement, conversion);
  }
}

void convert_public_suffix_list(const Statement& statement, Conversion& conversion) {
  const std::string path = conversion.path(statement.value);
  if (conversion.text_of(path, statement)) {
    set_word("dmarc.discovery", "psl", statement, conversion);
    conversion.draft().set("dmarc.public_suffix_list", quoted(path), statement);
  }
}

// "rejected by DMARC policy for %s": a line of the reply.
void convert_reject_string(const Statement& statement, Conversion& conversion) {
  std::string line = statement.value;
  if (line.find_first_of("{}") != std::string::npos) {
    conversion.draft().note(NoteKind::lost, statement, "a brace has a meaning in policy.reply");
    return;
  }
  if (const std::size_t name = line.find("%s"); name != std::string::npos) {
    line.replace(name, 2, "{domain}");
  }
  conversion.draft().set("policy.reply", quoted(std::vector<std::string>{"{what}", line}),
                         statement);
}

void convert_failure_reports(const Statement& statement, Conversion& conversion) {
  const auto is_on = boolean_of(statement, conversion);
  if (!is_on) {
    return;
  }
  conversion.draft().set("failure.enabled", *is_on ? "true" : "false", statement);
  if (*is_on) {
    conversion.draft().note(
        NoteKind::by_hand, statement,
        "reports wait in failure.spool until sekisho report deliver mails them; "
        "run it from a timer");
  }
}

// The lines of the old file are of another form; what comes from now on is counted.
void convert_history(const Statement& statement, Conversion& conversion) {
  conversion.draft().set("feedback.store", quoted(std::string("/var/lib/sekisho/feedback.db")),
                         statement);
  conversion.draft().note(NoteKind::by_hand, statement,
                          "what aggregate reports need is counted in feedback.store from now on; "
                          "send what the old file has before, and stop opendmarc-import");
}

// What may be refused by DMARC, or for want of one readable author.
const std::vector<std::string> not_passed{"fail", "temperror", "permerror"};

// Whether a condition of a rule reads the file as it is, so that it can stay where it is and be
// kept up to date there.
bool is_list_of_networks(const DataSet& set) {
  return !set.members.empty() && std::ranges::all_of(set.members, [](const Member& member) {
    return member.value.empty() && dns::Network::parse(member.text).has_value();
  });
}

void convert_ignore_hosts(const Statement& statement, Conversion& conversion) {
  const std::string path = conversion.path(statement.value);
  const auto text = conversion.text_of(path, statement);
  if (!text) {
    return;
  }
  const DataSet set = parse_members(*text, path);
  if (is_list_of_networks(set)) {
    accept_clients({"file:" + path}, "dmarc", not_passed, statement, conversion);
    return;
  }
  const Hosts hosts = sort_hosts(set);
  for (const Hosts::Odd& odd : hosts.odd) {
    conversion.draft().note(NoteKind::lost, {statement.name, odd.member.text, odd.member.place},
                            odd.member.text + ": " + odd.reason);
  }
  accept_hosts(hosts, "dmarc", not_passed, statement, conversion);
}

// Anybody can write these names into From, there as here.
void convert_ignore_mail_from(const Statement& statement, Conversion& conversion) {
  const std::vector<std::string> origin{format_origin(statement)};
  const auto domains = texts_of(parse_list(statement.value, statement.place));
  conversion.draft().add({"rule",
                          {{"name", quoted(statement.name), origin},
                           {"author", quoted(domains), origin},
                           {"dmarc", quoted(not_passed), origin},
                           {"action", quoted(std::string("accept")), origin}}},
                         statement);
  conversion.draft().note(NoteKind::by_hand, statement,
                          "whoever writes one of these names into From gets in, as before; give "
                          "the rule a client or take it out");
}

void convert_trusted_ids(const Statement& statement, Conversion& conversion) {
  const std::string own = conversion.value_of("AuthservID", "HOSTNAME");
  for (const Member& member : parse_list(statement.value, statement.place).members) {
    const bool is_own = mail::equals_ignoring_case(member.text, own) ||
                        mail::equals_ignoring_case(member.text, "HOSTNAME");
    conversion.draft().note(
        is_own ? NoteKind::needless : NoteKind::lost, statement,
        member.text + (is_own ? ": Sekisho finds its results itself"
                              : ": results that others wrote into the message are not believed; "
                                "seals of others are, see arc.trusted_sealers"));
  }
}

// DomainWhitelist and DomainWhitelistFile, either of them or both.
void convert_whitelist(const Statement& statement, Conversion& conversion) {
  std::vector<std::string> domains;
  if (const Statement* const list = conversion.find("DomainWhitelist")) {
    domains = texts_of(parse_list(list->value, list->place));
  }
  if (const Statement* const file = conversion.find("DomainWhitelistFile")) {
    const std::string path = conversion.path(file->value);
    const auto text = conversion.text_of(path, *file);
    if (!text) {
      return;
    }
    std::ranges::copy(texts_of(parse_members(*text, path)), std::back_inserter(domains));
  }
  std::erase_if(domains, [&](const std::string& name) {
    const bool is_none = !mail::Domain::parse(name);
    if (is_none) {
      conversion.draft().note(NoteKind::lost, statement, name + ": not a domain");
    }
    return is_none;
  });
  conversion.draft().set("arc.trusted_sealers", quoted(domains), statement);
}

constexpr std::string_view own_spf = "Sekisho always checks SPF itself and believes no field";

constexpr Row rows[] = {
    {"AuthservIDWithJobID", Fate::never, "authserv_id is the same for every message"},
    {"CopyFailuresTo", Fate::lost, "no recipient is added to a message"},
    {"DNSTimeout", Fate::converted, "dns.timeout", convert_dns_timeout},
    {"DomainWhitelist", Fate::converted, "arc.trusted_sealers", convert_whitelist},
    {"DomainWhitelistFile", Fate::converted, "arc.trusted_sealers", convert_whitelist},
    {"DomainWhitelistSize", Fate::needless, "the list is as long as it is"},
    {"FailureReports", Fate::converted, "failure.enabled", convert_failure_reports},
    {"FailureReportsBcc", Fate::lost, "reports go to those alone who ask for them in the DNS"},
    {"FailureReportsOnNone", Fate::always,
     "the policy makes no difference to who asks for reports"},
    {"FailureReportsSentBy", Fate::lost, "sekisho report deliver has the sender of reports"},
    {"HistoryFile", Fate::converted, "feedback.store", convert_history},
    {"HoldQuarantinedMessages", Fate::converted, "policy.on_quarantine", convert_hold},
    {"IgnoreAuthenticatedClients", Fate::always, "mail of those who log in is never judged"},
    {"IgnoreHosts", Fate::converted, "rule.client, rule.client_name", convert_ignore_hosts},
    {"IgnoreMailFrom", Fate::converted, "rule.author", convert_ignore_mail_from},
    {"IgnoreMailTo", Fate::lost, "mail for every recipient is counted"},
    {"PublicSuffixList", Fate::converted, "dmarc.discovery, dmarc.public_suffix_list",
     convert_public_suffix_list},
    {"RecordAllMessages", Fate::never, "only authors with a DMARC record get reports"},
    {"RejectFailures", Fate::converted, "policy.on_reject, policy.on_temperror",
     convert_reject_failures},
    {"RejectMultiValueFrom", Fate::converted, "policy.multiple_authors", convert_multi_value_from},
    {"RejectString", Fate::converted, "policy.reply", convert_reject_string},
    {"ReportCommand", Fate::lost, "sekisho report deliver mails the reports by SMTP"},
    {"RequiredHeaders", Fate::converted,
     "policy.multiple_from, policy.no_from, policy.unparsable_from", convert_required_headers},
    {"SPFIgnoreResults", Fate::always, own_spf},
    {"SPFSelfValidate", Fate::always, own_spf},
    {"SyslogName", Fate::lost, "the log calls the daemon sekishod"},
    {"TestDNSData", Fate::lost, "sekisho check --zone takes the DNS from a file"},
    {"TrustedAuthservIDs", Fate::converted, "", convert_trusted_ids},
    {"UserID", Fate::converted, "user", convert_user},
};

constexpr Default defaults[] = {
    {"policy.on_reject", "\"mark\"", "OpenDMARC's default of RejectFailures"},
    {"policy.on_temperror", "\"accept\"", "OpenDMARC's default of RejectFailures"},
    {"policy.multiple_authors", "\"accept\"", "OpenDMARC's default of RejectMultiValueFrom"},
    {"policy.multiple_from", "\"accept\"", "OpenDMARC's default of RequiredHeaders"},
    {"policy.no_from", "\"accept\"", "OpenDMARC's default of RequiredHeaders"},
    {"policy.unparsable_from", "\"accept\"", "OpenDMARC's default of RequiredHeaders"},
};

}  // namespace

const Program& opendmarc() {
  static const Program program{
      .name = "OpenDMARC",
      .notation = Notation::words,
      .rows = rows,
      .shared_rows = milter_rows(),
      .defaults = defaults,
      .farewell = "stop OpenDMARC, and take its socket out of the MTA's configuration"};
  return program;
}

}  // namespace sekisho::migrate
