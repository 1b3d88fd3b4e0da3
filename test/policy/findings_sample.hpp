// Findings about an author, for the policy to decide.
#pragma once

#include "policy/decide.hpp"

#include <algorithm>
#include <string>

namespace sekisho::policy {

inline const Signs list_signs{IndirectSign::list_id, {}, "list.example.org"};

inline findings::Findings from(mail::AuthorStatus status,
                               mail::FromFault fault = mail::FromFault::none) {
  findings::Findings findings;
  findings.author.status = status;
  findings.author.fault = fault;
  return findings;
}

inline findings::Findings with_dmarc(dmarc::ResultCode code, dmarc::Policy policy,
                                     const std::string& author = "example.com") {
  findings::Findings findings = from(mail::AuthorStatus::single_domain);
  dmarc::Result dmarc;
  dmarc.code = code;
  dmarc.author_domain = mail::Domain::parse(author);
  dmarc.policy = policy;
  findings.dmarc = dmarc;
  return findings;
}

/// Whether a reply is one line of SMTP that libmilter takes.
inline bool may_be_sent(const Reply& reply) {
  const std::string line = reply.code + " " + reply.enhanced + " " + reply.text;
  return line.size() <= 200 &&
         std::ranges::all_of(line, [](char c) { return c >= ' ' && c < '\x7f' && c != '%'; });
}

}  // namespace sekisho::policy
