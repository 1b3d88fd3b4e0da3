// A forged message, and rules about it.
#pragma once

#include "policy/decide.hpp"
#include "policy/rule.hpp"

#include <string>
#include <utility>
#include <vector>

namespace sekisho::policy {

template <typename Set>
policy::Condition<Set> list(std::vector<std::string> entries) {
  return policy::Condition<Set>::parse(std::move(entries)).value();
}
inline policy::Condition<policy::NameSet> names(std::vector<std::string> entries) {
  return list<policy::NameSet>(std::move(entries));
}

/// A forged bank, sent by a relay of ours to two recipients.
inline findings::Findings forged() {
  findings::Findings found;
  found.client.address = dns::IpAddress::parse("192.0.2.7");
  found.client.helo = "Relay.Example";
  found.client.tls = {.version = tls::Version::tls_1_2,
                      .certificate = tls::Certificate{"out.relay.example", "An authority"}};
  found.envelope.sender = "bounce@list.example";
  found.envelope.recipients = {"one@example.org", "two@example.org"};
  found.author.status = mail::AuthorStatus::single_domain;
  found.author.domains = {*mail::Domain::parse("bank.example")};
  found.author.mailboxes = {{"Info", "bank.example", mail::Domain::parse("bank.example")}};
  iprev::Result iprev;
  iprev.code = iprev::ResultCode::pass;
  iprev.name = "out.relay.example";
  found.iprev = iprev;
  spf::Result spf;
  spf.code = spf::ResultCode::pass;
  spf.domain = "list.example";
  found.spf_mail_from = spf;
  found.dkim_checked = true;
  dmarc::Result dmarc;
  dmarc.code = dmarc::ResultCode::fail;
  dmarc.policy = dmarc::Policy::reject;
  dmarc.author_domain = mail::Domain::parse("bank.example");
  found.dmarc = dmarc;
  found.arc_checked = true;
  return found;
}

inline Rule rule_for_client(Action action) {
  Rule rule;
  rule.client = list<policy::NetworkSet>({"192.0.2.0/24"});
  rule.action = action;
  return rule;
}

inline policy::Disposition decide(const findings::Findings& found, std::vector<Rule> rules) {
  policy::Options options;
  options.rules = std::move(rules);
  return policy::decide(found, {{}, {}, "tea.list.example"}, options);
}

}  // namespace sekisho::policy
