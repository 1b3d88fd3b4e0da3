#include "domain_check/domain_check.hpp"

#include "dmarc/discovery.hpp"
#include "domain_check/dmarc_record.hpp"
#include "domain_check/dnssec.hpp"
#include "domain_check/name_servers.hpp"
#include "domain_check/other_records.hpp"
#include "domain_check/parked.hpp"
#include "domain_check/spf.hpp"

#include <map>
#include <string>
#include <utility>

namespace sekisho::domain_check {

namespace {

using dns::RecordType;

constexpr RecordType first_types[] = {RecordType::txt, RecordType::mx, RecordType::a,
                                      RecordType::aaaa, RecordType::caa};

// All that will be asked for whatever the answers are.
void ask_ahead(const Examination& examination) {
  const std::string& domain = examination.domain.text();
  for (const RecordType type : first_types) {
    examination.lookups.prefetch(domain, type);
  }
  for (const mail::Domain& name : dmarc::tree_walk_names(examination.domain)) {
    examination.lookups.prefetch("_dmarc." + name.text(), RecordType::txt);
  }
  for (const char* const prefix : {"_mta-sts.", "_smtp._tls.", "default._bimi."}) {
    examination.lookups.prefetch(prefix + domain, RecordType::txt);
  }
}

enum class Existence : std::uint8_t { yes, no, unanswered };

// An alias that leads nowhere exists: the NXDOMAIN is its target's (RFC 6604 §3).
bool is_alias(const Examination& examination) {
  return examination.ask(examination.domain.text(), RecordType::cname).status == dns::Status::found;
}

// RFC 8020: an answer of NXDOMAIN holds for all types.
Existence find_existence(Examination& examination) {
  bool is_answered = false;
  for (const RecordType type : first_types) {
    const dns::Answer answer = examination.ask(examination.domain.text(), type);
    if (answer.status == dns::Status::no_such_name) {
      return is_alias(examination) ? Existence::yes : Existence::no;
    }
    is_answered = is_answered || !dns::is_temporary(answer.status);
  }
  return is_answered ? Existence::yes : Existence::unanswered;
}

void note_unanswered(Examination& examination) {
  const std::string& domain = examination.domain.text();
  for (const RecordType type : first_types) {
    const dns::Answer answer = examination.ask(domain, type);
    examination.outcomes.unknown(Check::domain_nxdomain, domain,
                                 std::string(dns::format_type(type)) + " " + domain,
                                 std::string(dns::format_status(answer.status)));
  }
}

// What needs connections, or the DNSSEC state of answers.
void note_not_asked(Examination& examination, const Report& report, bool receives_mail) {
  Outcomes& outcomes = examination.outcomes;
  const std::string& domain = examination.domain.text();
  outcomes.not_asked(Check::dnssec_unsigned, domain);
  if (!receives_mail) {
    return;
  }
  for (const MailHost& host : report.mx.hosts) {
    outcomes.not_asked(Check::tls_none, host.name);
    outcomes.not_asked(Check::dane_none, host.name);
  }
  if (report.sts && report.sts->record) {
    outcomes.not_asked(Check::sts_fetch, "mta-sts." + domain);
    outcomes.not_asked(Check::sts_policy, "mta-sts." + domain);
    outcomes.not_asked(Check::sts_mx, domain);
  } else if (report.sts && !dns::is_temporary(report.sts->status)) {
    outcomes.not_asked(Check::sts_none_removal, domain);
  }
}

void check_mail_domain(Examination& examination, Report& report) {
  check_spf(examination, *report.spf);
  report.dkim = check_dkim(examination);
  check_dmarc(examination, *report.dmarc);
  check_mail_hosts(examination, report.mx);
  check_clients(examination);
  const bool receives_mail = !report.mx.hosts.empty();
  report.sts = check_sts_record(examination, receives_mail);
  report.tls_report = check_tls_report_record(examination, receives_mail);
  report.bimi =
      check_bimi_record(examination, report.dmarc->record ? &*report.dmarc->record : nullptr);
  check_certification_authorities(examination);
  check_wildcard(examination);
  if (examination.options.open_server) {
    check_name_servers(examination);
    check_chain(examination);
  }
  if (examination.options.connections) {
    report.tls = check_connections(examination, report.mx, *report.sts);
  } else {
    note_not_asked(examination, report, receives_mail);
  }
}

}  // namespace

Report check_domain(const dns::Lookups& lookups, const mail::Domain& domain,
                    const Options& options) {
  Examination examination{lookups, options, domain, {}};
  Report report{.domain = domain};
  ask_ahead(examination);
  switch (find_existence(examination)) {
    case Existence::no:
      report.exists = false;
      examination.outcomes.bad(Check::domain_nxdomain, domain.text(), "no such name");
      report.outcomes = std::move(examination.outcomes);
      return report;
    case Existence::unanswered:
      report.is_answered = false;
      note_unanswered(examination);
      check_chain(examination);
      report.outcomes = std::move(examination.outcomes);
      return report;
    case Existence::yes:
      break;
  }
  report.spf = read_spf_tree(lookups, domain.text());
  report.dmarc = find_dmarc(examination);
  report.mx = find_mail_hosts(examination);
  if (options.parked) {
    check_parked(examination, *report.spf, *report.dmarc, report.mx);
  } else {
    check_mail_domain(examination, report);
  }
  report.forger = make_forger_table(examination, *report.spf, report.mx);
  report.outcomes = std::move(examination.outcomes);
  return report;
}

void note_keys_of_several_domains(std::vector<Report>& reports) {
  std::map<std::string, std::pair<const Report*, const KeyFound*>> first;
  for (Report& report : reports) {
    for (const KeyFound& key : report.dkim) {
      if (key.state != KeyState::found) {
        continue;
      }
      const auto [other, is_new] = first.try_emplace(key.key, &report, &key);
      if (!is_new && other->second.first != &report) {
        report.outcomes.bad(Check::dkim_shared, key.name,
                            "the same key as " + shown(other->second.second->name));
      }
    }
  }
}

}  // namespace sekisho::domain_check
