#include "domain_check/dmarc_reports.hpp"

#include "report/recipients/destination.hpp"
#include "report/recipients/external.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace sekisho::domain_check {

namespace {

using report::recipients::AddressTag;
using report::recipients::AuthorizationStatus;

std::set<mail::Domain> hosts_of(const std::vector<std::string>& uris) {
  std::set<mail::Domain> hosts;
  for (const std::string& uri : uris) {
    if (const auto destination = report::recipients::parse_destination(uri)) {
      hosts.insert(destination->host);
    }
  }
  return hosts;
}

void check_agreement(Examination& examination, const mail::Domain& policy_domain,
                     const mail::Domain& host, AddressTag tag) {
  auto verifying = report::recipients::verify_external(examination.lookups, dmarc::Options{},
                                                       policy_domain, host, tag);
  const auto authorization = verifying.get();
  const std::string name = report::recipients::authorization_name(policy_domain, host);
  switch (authorization.status) {
    case AuthorizationStatus::internal:
      return;
    case AuthorizationStatus::authorized:
      examination.outcomes.good(Check::dmarc_rua_agree, host.text());
      return;
    case AuthorizationStatus::refused:
      examination.outcomes.bad(Check::dmarc_rua_agree, host.text(), shown(authorization.reason))
          .publish = txt_line(name, "v=DMARC1;");
      return;
    case AuthorizationStatus::unknown:
      examination.outcomes.unknown(Check::dmarc_rua_agree, host.text(), "TXT " + name,
                                   shown(authorization.reason));
      return;
  }
}

void check_mail(Examination& examination, const mail::Domain& host) {
  std::string failed;
  const auto receives = receives_mail(examination, host, failed);
  if (!receives) {
    examination.outcomes.unknown(Check::dmarc_rua_mail, host.text(), "MX " + host.text(), failed);
  } else if (!*receives) {
    examination.outcomes.bad(Check::dmarc_rua_mail, host.text(),
                             "the domain of a report address receives no mail");
  } else {
    examination.outcomes.good(Check::dmarc_rua_mail, host.text());
  }
}

}  // namespace

std::optional<bool> receives_mail(const Examination& examination, const mail::Domain& domain,
                                  std::string& failed) {
  const dns::Answer exchanges = examination.ask(domain.text(), dns::RecordType::mx);
  if (exchanges.status == dns::Status::found) {
    return std::ranges::any_of(exchanges.all<dns::MailExchange>(),
                               [](const auto* exchange) { return !exchange->host.empty(); });
  }
  for (const dns::RecordType type : {dns::RecordType::a, dns::RecordType::aaaa}) {
    const dns::Answer answer = examination.ask(domain.text(), type);
    if (answer.status == dns::Status::found) {
      return true;
    }
    if (dns::is_temporary(answer.status)) {
      failed = dns::format_status(answer.status);
    }
  }
  if (dns::is_temporary(exchanges.status)) {
    failed = dns::format_status(exchanges.status);
  }
  return failed.empty() ? std::optional(false) : std::nullopt;
}

void check_dmarc_reports(Examination& examination, const mail::Domain& policy_domain,
                         const dmarc::Record& record) {
  std::set<mail::Domain> aggregate = hosts_of(record.aggregate_uris);
  std::set<mail::Domain> failure = hosts_of(record.failure_uris);
  for (const mail::Domain& host : aggregate) {
    check_agreement(examination, policy_domain, host, AddressTag::rua);
    check_mail(examination, host);
  }
  for (const mail::Domain& host : failure) {
    if (!aggregate.contains(host)) {
      check_agreement(examination, policy_domain, host, AddressTag::ruf);
      check_mail(examination, host);
    }
  }
}

}  // namespace sekisho::domain_check
