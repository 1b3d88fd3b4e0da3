#include "domain_check/mail_hosts.hpp"

#include "dns/special_addresses.hpp"
#include "iprev/iprev.hpp"
#include "mail/domain.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace sekisho::domain_check {

namespace {

using dns::IpAddress;
using dns::RecordType;

// The check that the address of a mail host fails.
std::optional<Check> fault_of(const IpAddress& address, const Options& options) {
  switch (dns::reach_of(address)) {
    case dns::Reach::global:
      return std::nullopt;
    case dns::Reach::documentation:
      return options.documentation_is_public ? std::nullopt : std::optional(Check::mx_private);
    case dns::Reach::private_use:
      return Check::mx_private;
    case dns::Reach::loopback:
      return Check::mx_loopback;
  }
  std::unreachable();
}

bool judge_name(Examination& examination, Check check, const std::string& host,
                HostAddress& address) {
  auto checking = iprev::check(examination.lookups, address.address);
  const iprev::Result result = checking.get();
  const std::string subject = host + " [" + address.address.text() + ']';
  switch (result.code) {
    case iprev::ResultCode::pass:
      address.name = result.name;
      examination.outcomes.good(check, subject);
      return true;
    case iprev::ResultCode::temperror:
      examination.outcomes.unknown(check, subject, "PTR " + address.address.reverse_name(),
                                   shown(result.reason));
      return false;
    case iprev::ResultCode::fail:
    case iprev::ResultCode::permerror:
      examination.outcomes.bad(check, subject, shown(result.reason));
      return false;
  }
  std::unreachable();
}

void check_alias(Examination& examination, const MailHost& host) {
  const dns::Answer alias = examination.ask(host.name, RecordType::cname);
  if (alias.status == dns::Status::found) {
    const auto targets = alias.all<dns::HostName>();
    examination.outcomes.bad(Check::mx_cname, host.name,
                             "an alias of " + shown(targets.front()->name));
  } else if (!dns::is_temporary(alias.status)) {
    examination.outcomes.good(Check::mx_cname, host.name);
  }
}

void check_addresses(Examination& examination, MailHost& host) {
  bool is_answered = true;
  for (const RecordType type : {RecordType::a, RecordType::aaaa}) {
    const dns::Answer answer = examination.ask_for(Check::mx_no_address, host.name, type);
    is_answered = is_answered && !dns::is_temporary(answer.status);
    for (const IpAddress* address : answer.all<IpAddress>()) {
      if (host.addresses.size() < max_host_addresses) {
        host.addresses.push_back({address->unmapped(), ""});
      }
    }
  }
  if (!host.addresses.empty()) {
    examination.outcomes.good(Check::mx_no_address, host.name);
  } else if (is_answered) {
    examination.outcomes.bad(Check::mx_no_address, host.name, "neither A nor AAAA");
  }
  for (HostAddress& address : host.addresses) {
    if (const auto fault = fault_of(address.address, examination.options)) {
      examination.outcomes.bad(*fault, host.name,
                               shown(host.name + " has the address " + address.address.text()));
    } else {
      judge_name(examination, Check::mx_iprev, host.name, address);
    }
  }
}

void check_host(Examination& examination, MailHost& host) {
  if (IpAddress::parse(host.name)) {
    examination.outcomes.bad(Check::mx_address_literal, host.name, "an address instead of a name");
    return;
  }
  check_alias(examination, host);
  check_addresses(examination, host);
}

// RFC 5321 §4.1.1.1: the name that a client says is its own.
void check_helo(Examination& examination, const IpAddress& client) {
  const std::string& helo = examination.options.helo;
  const auto name = mail::Domain::parse(helo);
  if (!name) {
    examination.outcomes.bad(Check::sender_helo, helo, "no valid host name");
    return;
  }
  const RecordType type = client.is_v4() ? RecordType::a : RecordType::aaaa;
  const dns::Answer answer = examination.ask_for(Check::sender_helo, name->text(), type);
  if (dns::is_temporary(answer.status)) {
    return;
  }
  const auto addresses = answer.all<IpAddress>();
  const bool is_own =
      std::ranges::any_of(addresses, [&](const IpAddress* address) { return *address == client; });
  if (is_own) {
    examination.outcomes.good(Check::sender_helo, name->text());
  } else {
    examination.outcomes.bad(Check::sender_helo, name->text(),
                             "does not have the address " + client.text());
  }
}

}  // namespace

MailHosts find_mail_hosts(const Examination& examination) {
  const dns::Answer answer = examination.ask(examination.domain.text(), RecordType::mx);
  MailHosts found;
  found.status = answer.status;
  for (const dns::MailExchange* exchange : answer.all<dns::MailExchange>()) {
    if (exchange->host.empty()) {
      found.is_null = true;
    } else if (found.hosts.size() < max_hosts) {
      found.hosts.push_back({exchange->preference, exchange->host, {}});
    }
  }
  std::ranges::sort(found.hosts, {},
                    [](const MailHost& host) { return std::pair(host.preference, host.name); });
  for (const MailHost& host : found.hosts) {
    for (const RecordType type : {RecordType::a, RecordType::aaaa, RecordType::cname}) {
      examination.lookups.prefetch(host.name, type);
    }
  }
  return found;
}

void check_mail_hosts(Examination& examination, MailHosts& hosts) {
  const std::string& domain = examination.domain.text();
  if (dns::is_temporary(hosts.status)) {
    examination.outcomes.unknown(Check::mx_none, domain, "MX " + domain,
                                 std::string(dns::format_status(hosts.status)));
    return;
  }
  if (hosts.status != dns::Status::found) {
    examination.outcomes.bad(Check::mx_none, domain, "no MX record");
    return;
  }
  examination.outcomes.good(Check::mx_none, domain);
  if (hosts.is_null && !hosts.hosts.empty()) {
    examination.outcomes.bad(Check::mx_null_mixed, domain, "a null MX beside other MX records");
  }
  for (MailHost& host : hosts.hosts) {
    check_host(examination, host);
  }
}

void check_clients(Examination& examination) {
  for (const IpAddress& client : examination.options.clients) {
    HostAddress address{client, ""};
    judge_name(examination, Check::sender_iprev, "client", address);
    if (!examination.options.helo.empty()) {
      check_helo(examination, client);
    }
  }
}

}  // namespace sekisho::domain_check
