// Checks a domain: is its mail set up right, and what could a forger send in its name?
#pragma once

#include "dns/lookups.hpp"
#include "domain_check/connections.hpp"
#include "domain_check/dkim.hpp"
#include "domain_check/dmarc.hpp"
#include "domain_check/examination.hpp"
#include "domain_check/finding.hpp"
#include "domain_check/forger.hpp"
#include "domain_check/mail_hosts.hpp"
#include "domain_check/spf_tree.hpp"
#include "domain_check/txt_records.hpp"
#include "mail/domain.hpp"

#include <optional>
#include <vector>

namespace sekisho::domain_check {

/// What is found is there; what could not be asked is empty.
struct Report {
  mail::Domain domain;
  bool exists = true;
  bool is_answered = true;  ///< False: the DNS answered nothing about the domain.
  Outcomes outcomes;
  std::vector<ForgerRow> forger;
  std::optional<SpfTree> spf;
  std::vector<KeyFound> dkim;
  std::optional<DmarcFound> dmarc;
  MailHosts mx;
  std::optional<TxtRecord> sts;
  std::optional<TxtRecord> tls_report;
  std::optional<TxtRecord> bimi;
  std::optional<TlsFound> tls;
};

/// Asks through `lookups`, and waits: not to be called on the network's thread. Each question
/// should be asked once only (Memory).
[[nodiscard]] Report check_domain(const dns::Lookups& lookups, const mail::Domain& domain,
                                  const Options& options);

/// Notes keys that several of the domains publish, each in the later report.
void note_keys_of_several_domains(std::vector<Report>& reports);

}  // namespace sekisho::domain_check
