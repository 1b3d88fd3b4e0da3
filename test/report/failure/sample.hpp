// A message that fails DMARC and whose author's domain asks for a report.
#pragma once

#include "report/failure/failure_selection.hpp"

#include <string>

namespace sekisho::report::failure {

inline mail::Domain domain(const char* text) {
  return *mail::Domain::parse(text);
}

/// An author of mail.bank.example, whose record is that of bank.example.
inline dmarc::Result failed_dmarc(const std::string& options = "0") {
  dmarc::Result dmarc;
  dmarc.code = dmarc::ResultCode::fail;
  dmarc.reason = "no aligned identifier passed";
  dmarc.author_domain = domain("mail.bank.example");
  dmarc.organizational_domain = domain("bank.example");
  dmarc.record_domain = domain("bank.example");
  dmarc.record = *dmarc::parse_record("v=DMARC1; p=reject; fo=" + options +
                                      "; ruf=mailto:failures@bank.example");
  dmarc.policy = dmarc::Policy::reject;
  dmarc.published_policy = dmarc::Policy::reject;
  return dmarc;
}

inline dkim::Result signature(dkim::ResultCode code, const char* of,
                              dkim::Fault fault = dkim::Fault::none) {
  dkim::Result result;
  result.code = code;
  result.fault = fault;
  result.reason = dkim::describe_fault(fault);
  result.domain = domain(of);
  result.selector = "s1";
  result.algorithm = "rsa-sha256";
  result.auid = std::string("carol@") + of;
  result.signature = "AbCdEfGhIjKl";
  return result;
}

inline spf::Result failed_spf() {
  spf::Result spf;
  spf.code = spf::ResultCode::fail;
  spf.domain = "bank.example";
  spf.reason = "203.0.113.66 is not permitted by -all of bank.example";
  spf.records = {{"bank.example", "v=spf1 include:_spf.bank.example -all"},
                 {"_spf.bank.example", "v=spf1 ip4:192.0.2.10 -all"}};
  return spf;
}

inline EvaluatedMessage failed_message(const std::string& options = "0") {
  EvaluatedMessage message;
  findings::Findings& found = message.findings;
  found.client.address = dns::IpAddress::parse("203.0.113.66");
  found.client.port = 40'123;
  found.client.helo = "pc66.provider.example";
  found.envelope.sender = "carol@bank.example";
  found.envelope.recipients = {"bob@example.org"};
  found.envelope.queue_id = "4Ln7Qw4fnvz6Bq";
  found.author.status = mail::AuthorStatus::single_domain;
  found.author.domains = {domain("mail.bank.example")};
  found.spf_mail_from = failed_spf();
  found.dkim = {
      signature(dkim::ResultCode::fail, "stranger.example", dkim::Fault::signature_mismatch),
      signature(dkim::ResultCode::fail, "bank.example", dkim::Fault::body_hash_mismatch)};
  found.dkim_checked = true;
  found.dmarc = failed_dmarc(options);
  message.header = {
      {"Received", " from pc66 (pc66 [203.0.113.66])\r\n\tby mx.example.org for <bob@example.org>"},
      {"From", " \"Carol Teller\" <carol@mail.bank.example>"},
      {"To", " Bob <bob@example.org>"},
      {"Subject", " Your account, Bob"},
      {"Message-ID", " <1.2@mail.bank.example>"}};
  message.action = policy::Action::reject;
  message.arrival = std::chrono::sys_seconds(std::chrono::seconds(1'790'000'000));
  return message;
}

}  // namespace sekisho::report::failure
