#include "domain_check/dmarc.hpp"

#include "dmarc/discovery.hpp"
#include "dmarc/public_suffixes.hpp"
#include "domain_check/dmarc_record.hpp"
#include "domain_check/dmarc_reports.hpp"
#include "mail/ascii.hpp"
#include "spf/record.hpp"

#include <algorithm>
#include <utility>

namespace sekisho::domain_check {

namespace {

using dns::RecordType;

std::string record_name(const mail::Domain& domain) {
  return "_dmarc." + domain.text();
}

bool is_dmarc(const std::string& text) {
  const auto record = dmarc::parse_record(text);
  return record || record.error() != dmarc::RecordError::not_dmarc;
}

std::vector<std::string> dmarc_records(const dns::Answer& answer) {
  std::vector<std::string> records = texts_of(answer);
  std::erase_if(records, [](const std::string& text) { return !is_dmarc(text); });
  return records;
}

std::vector<WalkStep> walk_steps(const Examination& examination) {
  std::vector<WalkStep> steps;
  for (const mail::Domain& name : dmarc::tree_walk_names(examination.domain)) {
    const dns::Answer answer = examination.ask(record_name(name), RecordType::txt);
    steps.push_back(
        {record_name(name), std::string(dns::format_status(answer.status)), dmarc_records(answer)});
  }
  return steps;
}

mail::Domain psl_organizational_domain(const Examination& examination) {
  const auto& suffixes = examination.options.suffixes;
  return suffixes ? suffixes->organizational_domain(examination.domain)
                  : dmarc::PublicSuffixes().organizational_domain(examination.domain);
}

// A word of a record that somebody meant to be a DMARC record.
bool mentions_dmarc(const std::string& text) {
  const std::string lower = mail::to_lower(text);
  return lower.contains("dmarc1");
}

// The texts of the domain's own name that nobody reads as what they were meant to be.
void check_places(Examination& examination, const std::vector<std::string>& own_texts) {
  Outcomes& outcomes = examination.outcomes;
  const std::string& domain = examination.domain.text();
  const dns::Answer apex = examination.ask(domain, RecordType::txt);
  for (const std::string& text : texts_of(apex)) {
    if (is_dmarc(text)) {
      outcomes.bad(Check::dmarc_place, domain, "a DMARC record at the domain instead of _dmarc");
      break;
    }
  }
  for (const std::string& text : own_texts) {
    if (spf::is_spf_record(text)) {
      outcomes.bad(Check::dmarc_place, record_name(examination.domain), "an SPF record at _dmarc");
    } else if (!is_dmarc(text) && mentions_dmarc(text)) {
      outcomes.bad(Check::dmarc_version_first, record_name(examination.domain),
                   '"' + shown(text) + '"');
    }
  }
}

void missing(Examination& examination, const DmarcFound& found) {
  const std::string name = record_name(examination.domain);
  if (found.failure) {
    examination.outcomes.unknown(Check::dmarc_none, name, "TXT " + name, *found.failure);
    return;
  }
  Finding& none = examination.outcomes.bad(
      Check::dmarc_none, name, "no DMARC record at " + shown(name) + " nor at a name above");
  none.publish = txt_line(record_name(found.psl_organizational_domain),
                          "v=DMARC1; p=none; rua=mailto:dmarc@" + examination.domain.text());
}

void compare_organizations(Examination& examination, const DmarcFound& found) {
  if (!found.found_at || found.failure) {
    return;
  }
  if (found.organizational_domain != found.psl_organizational_domain) {
    examination.outcomes.bad(Check::dmarc_psl_differs, examination.domain.text(),
                             "the tree walk gives " + found.organizational_domain.text() +
                                 ", the public suffix list " +
                                 found.psl_organizational_domain.text());
  } else {
    examination.outcomes.good(Check::dmarc_psl_differs, examination.domain.text());
  }
}

}  // namespace

DmarcFound find_dmarc(const Examination& examination) {
  auto walking = dmarc::walk(examination.lookups, dmarc::tree_walk_names(examination.domain),
                             dmarc::Specification::rfc9989);
  const dmarc::Walk walk = walking.get();
  DmarcFound found{.walk = walk_steps(examination),
                   .failure = walk.failure,
                   .found_at = std::nullopt,
                   .record = std::nullopt,
                   .organizational_domain = dmarc::likely_organizational_domain(walk),
                   .psl_organizational_domain = psl_organizational_domain(examination)};
  if (const auto* published = dmarc::find_policy(walk, found.organizational_domain)) {
    found.found_at = published->domain;
    found.record = published->record;
  }
  return found;
}

void check_dmarc(Examination& examination, const DmarcFound& found) {
  const std::string name = record_name(examination.domain);
  const dns::Answer own = examination.ask(name, RecordType::txt);
  const std::vector<std::string> records = dmarc_records(own);
  check_places(examination, texts_of(own));
  if (records.size() > 1) {
    examination.outcomes.bad(Check::dmarc_many, name,
                             std::to_string(records.size()) + " DMARC records");
    return;
  }
  if (records.empty() && !found.record) {
    missing(examination, found);
    return;
  }
  if (!records.empty()) {
    check_dmarc_record(examination, name, records.front());
  }
  if (found.record) {
    examination.outcomes.good(Check::dmarc_none, name);
    check_dmarc_reports(examination, *found.found_at, *found.record);
  }
  compare_organizations(examination, found);
}

}  // namespace sekisho::domain_check
