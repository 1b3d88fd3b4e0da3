#include "domain_check/connections.hpp"

#include "dns/special_addresses.hpp"
#include "dns/wire.hpp"
#include "domain_check/sts_policy.hpp"

#include <algorithm>
#include <utility>

namespace sekisho::domain_check {

namespace {

using dns::RecordType;

constexpr std::chrono::seconds day{86'400};

std::string tried(RecordType type, const std::string& name) {
  return std::string(dns::format_type(type)) + ' ' + name;
}

// The end of the chain of aliases, if all of it is secure (RFC 7672 §2.2.2); else the name.
std::string expanded_name(const Examination& examination, const std::string& name) {
  std::string current = name;
  for (std::size_t i = 0; i < dns::max_aliases; ++i) {
    const dns::Answer alias = examination.ask(current, RecordType::cname);
    const auto targets = alias.all<dns::HostName>();
    if (targets.empty()) {
      return current;
    }
    if (!alias.authentic) {
      return name;
    }
    current = targets.front()->name;
  }
  return name;
}

bool is_secure_alias(const Examination& examination, const std::string& name) {
  const dns::Answer alias = examination.ask(name, RecordType::cname);
  return alias.status == dns::Status::found && alias.authentic;
}

class HostCheck {
 public:
  struct Trust {
    bool in_resolver = false;
    bool in_mx = false;
  };

  HostCheck(Examination& examination, const MailHost& host, Trust trust,
            const std::optional<mta_sts::Policy>& policy)
      : examination_(examination),
        outcomes_(examination.outcomes),
        host_(host),
        policy_(policy),
        trust_(trust) {
    found_.name = host.name;
    found_.is_mx_secure = trust.in_mx;
  }

  HostTls check() {
    find_associations();
    probe_all();
    return std::move(found_);
  }

 private:
  // RFC 7672 §2.2.2: with secure addresses, the end of the chain of aliases first. Otherwise, the
  // records of an alias count that is secure itself, wherever it leads.
  void find_associations() {
    const dns::Answer v4 = examination_.ask(host_.name, RecordType::a);
    const dns::Answer v6 = examination_.ask(host_.name, RecordType::aaaa);
    found_.is_address_secure = v4.authentic && v6.authentic;
    const std::string expanded =
        found_.is_address_secure ? expanded_name(examination_, host_.name) : host_.name;
    if (!look_up(expanded) && expanded != host_.name) {
      static_cast<void>(look_up(host_.name));
    }
    judge_associations();
  }

  [[nodiscard]] bool has_secure_base() const {
    return found_.is_address_secure || is_secure_alias(examination_, host_.name);
  }

  // True if there are records.
  bool look_up(const std::string& base) {
    const std::string name = "_25._tcp." + base;
    const dns::Answer answer =
        examination_.ask_for(Check::dane_lookup_fails, name, RecordType::tlsa);
    has_failed_ = has_failed_ || dns::is_temporary(answer.status);
    found_.tlsa_base = base;
    found_.is_tlsa_secure = answer.authentic;
    found_.ttl = answer.ttl;
    for (const auto* record : answer.all<dns::CertificateAssociation>()) {
      found_.associations.push_back(*record);
    }
    return !found_.associations.empty();
  }

  void judge_associations() {
    if (has_failed_) {
      return;
    }
    if (found_.associations.empty()) {
      outcomes_.bad(Check::dane_none, host_.name, "no TLSA records");
      return;
    }
    if (!trust_.in_resolver) {
      outcomes_.unknown(Check::dane_insecure_zone, host_.name,
                        tried(RecordType::tlsa, "_25._tcp." + found_.tlsa_base),
                        "the resolver is not trusted to validate");
    } else if (!found_.is_tlsa_secure || !has_secure_base()) {
      is_used_ = false;
      outcomes_.bad(Check::dane_insecure_zone, host_.name,
                    "the TLSA records or addresses are not signed");
    } else if (!found_.is_mx_secure) {
      outcomes_.bad(Check::dane_insecure_mx, host_.name, "the MX records are not signed");
    }
    for (const dns::CertificateAssociation& record : found_.associations) {
      judge(record);
    }
    if (found_.ttl > day) {
      outcomes_.bad(Check::dane_ttl, host_.name,
                    "a TTL of " + std::to_string(found_.ttl.count()) + " seconds");
    }
    judge_rollover();
  }

  void judge(const dns::CertificateAssociation& record) {
    const dane::Unusable fault = dane::usability_of(record);
    if (fault != dane::Unusable::none) {
      outcomes_.bad(
          Check::dane_unusable, host_.name,
          shown(dane::format_record(record)) + ": " + std::string(dane::format_unusable(fault)));
      return;
    }
    if (is_used_) {
      usable_.push_back(record);
    }
    if (record.matching == 0) {
      outcomes_.bad(Check::dane_full_data, host_.name, "a TLSA record with matching type 0");
    }
  }

  // Ready for the next certificate: a record of the key, and one of another.
  void judge_rollover() {
    const bool is_fragile =
        usable_.size() == 1 && usable_.front().usage == 3 && usable_.front().selector == 0;
    if (is_fragile) {
      outcomes_.bad(Check::dane_rollover, host_.name,
                    "the only record is " + shown(dane::format_record(usable_.front())));
    }
  }

  void probe_all() {
    std::size_t v4 = 0;
    std::size_t v6 = 0;
    for (const HostAddress& address : host_.addresses) {
      std::size_t& count = address.address.is_v4() ? v4 : v6;
      if (++count <= max_probed_addresses && !is_refused_) {
        probe(address.address);
      }
    }
  }

  void probe(const dns::IpAddress& address) {
    const std::string subject = host_.name + " [" + address.text() + ']';
    if (!examination_.options.allow_private && dns::reach_of(address) != dns::Reach::global) {
      outcomes_.unknown(Check::tls_none, subject, "SMTP " + subject, "the address is not public");
      return;
    }
    const Connections& connections = *examination_.options.connections;
    smtp_probe::Options options;
    options.helo = connections.helo;
    options.port = connections.smtp_port;
    options.authorities = connections.authorities;
    options.time = connections.time;
    const smtp_probe::Host host{
        host_.name, {examination_.domain.text(), found_.tlsa_base}, usable_};
    smtp_probe::Result result = smtp_probe::probe(address, host, options);
    judge_session(subject, result);
    is_refused_ = result.fault == smtp_probe::Fault::refused;
    found_.addresses.push_back(std::move(result));
  }

  void judge_session(const std::string& subject, const smtp_probe::Result& result) {
    switch (result.fault) {
      case smtp_probe::Fault::unreachable:
      case smtp_probe::Fault::refused:
        outcomes_.unknown(Check::tls_none, subject, "SMTP " + subject,
                          std::string(format_fault(result.fault)) + ": " + shown(result.detail));
        return;
      case smtp_probe::Fault::no_starttls:
        outcomes_.bad(Check::tls_none, subject, "EHLO does not offer STARTTLS");
        no_tls_for_dane(subject);
        return;
      case smtp_probe::Fault::starttls_refused:
      case smtp_probe::Fault::tls_failed:
        outcomes_.bad(Check::tls_starttls, subject,
                      std::string(format_fault(result.fault)) + ": " + shown(result.detail));
        no_tls_for_dane(subject);
        return;
      case smtp_probe::Fault::none:
        break;
    }
    outcomes_.good(Check::tls_none, subject);
    judge_version(subject, result);
    judge_certificate(subject, result);
    if (!usable_.empty()) {
      judge_dane(subject, result);
    }
  }

  // RFC 7672 §2.2: also if none of the records can be used.
  [[nodiscard]] bool requires_tls() const {
    return is_used_ && !has_failed_ && !found_.associations.empty();
  }

  void no_tls_for_dane(const std::string& subject) {
    if (requires_tls()) {
      outcomes_.bad(Check::dane_no_starttls, subject, "TLSA records, but no TLS");
    }
  }

  void judge_version(const std::string& subject, const smtp_probe::Result& result) {
    if (result.version == "TLSv1.2" || result.version == "TLSv1.3") {
      outcomes_.good(Check::tls_version, subject);
    } else {
      outcomes_.bad(Check::tls_version, subject, result.version);
    }
  }

  // What is wrong matters to those who verify: senders with MTA-STS.
  void judge_certificate(const std::string& subject, const smtp_probe::Result& result) {
    if (result.is_trusted) {
      outcomes_.good(Check::tls_name, subject);
      return;
    }
    Finding& finding =
        outcomes_.bad(check_of(result.distrust), subject, shown(result.distrust_text));
    if (policy_ && policy_->mode == mta_sts::Mode::enforce) {
      finding.level = Level::error;
    } else if (policy_ && policy_->mode == mta_sts::Mode::testing) {
      finding.level = Level::warning;
    }
  }

  static Check check_of(smtp_probe::Distrust distrust) {
    switch (distrust) {
      case smtp_probe::Distrust::none:
      case smtp_probe::Distrust::name:
        return Check::tls_name;
      case smtp_probe::Distrust::expired:
        return Check::tls_expired;
      case smtp_probe::Distrust::self_signed:
        return Check::tls_self;
      case smtp_probe::Distrust::chain:
        return Check::tls_chain;
    }
    std::unreachable();
  }

  void judge_dane(const std::string& subject, const smtp_probe::Result& result) {
    if (result.matches_dane) {
      outcomes_.good(Check::dane_mismatch, subject);
      return;
    }
    const Check check = mismatch_of(result);
    Finding& mismatch = outcomes_.bad(check, subject, evidence_of(check));
    const auto wanted =
        result.chain.empty() ? std::nullopt : dane::record_for(result.chain.front(), 3, 1, 1);
    if (wanted) {
      mismatch.publish = "_25._tcp." + escaped(found_.tlsa_base) + ". 3600 IN TLSA " +
                         dane::format_record(*wanted);
    }
  }

  // RFC 7672 §3.1.2: the certificate of the authority has to be sent.
  [[nodiscard]] Check mismatch_of(const smtp_probe::Result& result) const {
    if (std::ranges::any_of(usable_, [](const auto& record) { return record.usage == 3; })) {
      return Check::dane_mismatch;
    }
    const bool is_sent = std::ranges::any_of(usable_, [&](const auto& record) {
      return std::ranges::any_of(result.chain, [&](const crypto::Certificate& certificate) {
        return dane::matches(record, certificate);
      });
    });
    if (!is_sent) {
      return Check::dane_ta_not_sent;
    }
    return result.is_dane_name_wrong ? Check::dane_name : Check::dane_mismatch;
  }

  static std::string evidence_of(Check check) {
    switch (check) {
      case Check::dane_ta_not_sent:
        return "no certificate that was sent is that of a TLSA record with usage 2";
      case Check::dane_name:
        return "the certificate is of an authority with a TLSA record, but not for this host";
      default:
        return "no TLSA record authenticates the certificate";
    }
  }

  Examination& examination_;
  Outcomes& outcomes_;
  const MailHost& host_;
  const std::optional<mta_sts::Policy>& policy_;
  Trust trust_;
  HostTls found_;
  std::vector<dns::CertificateAssociation> usable_;
  bool has_failed_ = false;
  bool is_used_ = true;      // senders look at the records
  bool is_refused_ = false;  // the host has had enough of us
};

// The AD bit counts once the resolver has shown that it sets it: here, or for the root.
bool is_validating(Examination& examination, const dns::Answer& mx) {
  if (!examination.options.connections->is_resolver_trusted) {
    return false;
  }
  if (mx.authentic || examination.ask("", RecordType::soa).authentic) {
    return true;
  }
  examination.outcomes.bad(Check::dnssec_resolver, examination.domain.text(),
                           "the answer for the root has no AD bit");
  return false;
}

void check_signed(Examination& examination, const dns::Answer& mx, bool is_validating) {
  const std::string& domain = examination.domain.text();
  if (!is_validating) {
    examination.outcomes.unknown(Check::dnssec_unsigned, domain, tried(RecordType::mx, domain),
                                 "the resolver is not trusted to validate");
  } else if (dns::is_temporary(mx.status)) {
    examination.outcomes.unknown(Check::dnssec_unsigned, domain, tried(RecordType::mx, domain),
                                 std::string(dns::format_status(mx.status)));
  } else if (mx.authentic) {
    examination.outcomes.good(Check::dnssec_unsigned, domain);
  } else {
    examination.outcomes.bad(Check::dnssec_unsigned, domain, "the MX answer is not signed");
  }
}

}  // namespace

TlsFound check_connections(Examination& examination, const MailHosts& hosts, const TxtRecord& sts) {
  TlsFound found;
  const dns::Answer mx = examination.ask(examination.domain.text(), RecordType::mx);
  const bool trusts_answers = is_validating(examination, mx);
  check_signed(examination, mx, trusts_answers);
  if (sts.record) {
    found.policy = check_sts_policy(examination, hosts);
  } else if (!dns::is_temporary(sts.status) && !hosts.hosts.empty()) {
    check_sts_removal(examination);
  }
  std::size_t count = 0;
  for (const MailHost& host : hosts.hosts) {
    if (++count <= max_probed_hosts && !host.addresses.empty()) {
      found.hosts.push_back(
          HostCheck(examination, host, {trusts_answers, mx.authentic}, found.policy).check());
    }
  }
  return found;
}

}  // namespace sekisho::domain_check
