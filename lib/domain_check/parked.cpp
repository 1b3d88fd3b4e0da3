#include "domain_check/parked.hpp"

#include "dkim/key_record.hpp"
#include "domain_check/other_records.hpp"
#include "domain_check/txt_records.hpp"
#include "mail/ascii.hpp"

#include <algorithm>
#include <string>

namespace sekisho::domain_check {

namespace {

void check_spf(Examination& examination, const SpfTree& tree) {
  const SpfNode& root = tree.root();
  const std::string& domain = examination.domain.text();
  if (root.status == SpfNodeStatus::unknown) {
    examination.outcomes.unknown(Check::parked_spf, domain, "TXT " + domain, "no answer");
    return;
  }
  const bool refuses_all = root.status == SpfNodeStatus::found &&
                           root.all == spf::ResultCode::fail && root.passing.is_empty() &&
                           tree.lookups() == 0;
  if (refuses_all) {
    examination.outcomes.good(Check::parked_spf, domain);
    return;
  }
  const std::string evidence =
      root.record.empty() ? std::string(format_spf_node_status(root.status)) : shown(root.record);
  examination.outcomes.bad(Check::parked_spf, domain, evidence).publish =
      txt_line(domain, "v=spf1 -all");
}

void check_mx(Examination& examination, const MailHosts& hosts) {
  const std::string& domain = examination.domain.text();
  if (dns::is_temporary(hosts.status)) {
    examination.outcomes.unknown(Check::parked_mx, domain, "MX " + domain,
                                 std::string(dns::format_status(hosts.status)));
  } else if (hosts.is_null && hosts.hosts.empty()) {
    examination.outcomes.good(Check::parked_mx, domain);
  } else {
    examination.outcomes.bad(Check::parked_mx, domain, "no null MX").publish =
        domain + ". 3600 IN MX 0 .";
  }
}

bool refuses_all(const dmarc::Record& record) {
  const auto reject = dmarc::Policy::reject;
  const auto old = dmarc::parse_record(record.text, dmarc::Specification::rfc7489);
  return record.policy == reject && record.subdomain_policy.value_or(reject) == reject &&
         record.nonexistent_policy.value_or(reject) == reject && !record.testing &&
         (!old || old->percent == 100);
}

void check_policy(Examination& examination, const DmarcFound& found) {
  const std::string name = "_dmarc." + examination.domain.text();
  if (found.failure) {
    examination.outcomes.unknown(Check::parked_dmarc, name, "TXT " + name, *found.failure);
  } else if (found.record && refuses_all(*found.record)) {
    examination.outcomes.good(Check::parked_dmarc, name);
  } else {
    examination.outcomes
        .bad(Check::parked_dmarc, name,
             found.record ? shown(found.record->text) : "no usable DMARC record")
        .publish = txt_line(name, "v=DMARC1; p=reject");
  }
}

// A key record that is valid for mail, or none.
void check_keys(Examination& examination) {
  constexpr std::size_t any_size = 16'384;
  const std::string base = "_domainkey." + examination.domain.text();
  const std::string name = unused_label(examination.domain) + '.' + base;
  const dns::Answer answer = examination.ask_for(Check::parked_dkim, name, dns::RecordType::txt);
  if (dns::is_temporary(answer.status)) {
    return;
  }
  const auto texts = texts_of(answer);
  const bool is_revoked = std::ranges::any_of(texts, [](const std::string& text) {
    const auto record = dkim::parse_key_record(text, any_size);
    return !record && record.error().fault == dkim::Fault::key_revoked;
  });
  if (is_revoked) {
    examination.outcomes.good(Check::parked_dkim, "*." + base);
    return;
  }
  examination.outcomes.bad(Check::parked_dkim, "*." + base, "no empty key at *." + base).publish =
      txt_line("*." + base, "v=DKIM1; p=");
}

void check_logo(Examination& examination) {
  const std::string name = "default._bimi." + examination.domain.text();
  const dns::Answer answer = examination.ask_for(Check::parked_bimi, name, dns::RecordType::txt);
  const auto texts = texts_of(answer);
  if (std::ranges::any_of(texts, [](const std::string& t) { return t.starts_with("v=BIMI1"); })) {
    examination.outcomes.bad(Check::parked_bimi, name, "a BIMI record");
  }
}

}  // namespace

void check_parked(Examination& examination, const SpfTree& spf, const DmarcFound& dmarc,
                  const MailHosts& hosts) {
  check_spf(examination, spf);
  check_mx(examination, hosts);
  check_policy(examination, dmarc);
  check_keys(examination);
  check_logo(examination);
}

}  // namespace sekisho::domain_check
