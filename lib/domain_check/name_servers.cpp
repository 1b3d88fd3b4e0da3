#include "domain_check/name_servers.hpp"

#include "dane/dane.hpp"
#include "dns/special_addresses.hpp"

#include <algorithm>
#include <chrono>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace sekisho::domain_check {

namespace {

using dns::RecordType;

constexpr std::chrono::seconds patience{10};

struct Zone {
  std::string name;
  std::vector<std::string> servers;
};

// One address of a server, and what it was asked.
struct Server {
  std::string label;  // "ns1.example.org [192.0.2.1]"
  dns::Lookups lookups;
  std::optional<dns::Pending<dns::Answer>> start;  // SOA of the zone
  std::vector<dns::Pending<dns::Answer>> pending;  // of the questions
};

// The closest name at or above the domain with NS records, but no top-level domain.
std::optional<Zone> find_zone(Examination& examination) {
  const mail::Domain& domain = examination.domain;
  for (std::size_t labels = domain.label_count(); labels > 1; --labels) {
    const std::string name = domain.suffix(labels).text();
    const dns::Answer answer = examination.ask_for(Check::ns_differ, name, RecordType::ns);
    if (dns::is_temporary(answer.status)) {
      return std::nullopt;
    }
    Zone zone{name, {}};
    for (const dns::HostName* server : answer.all<dns::HostName>()) {
      if (zone.servers.size() < max_name_servers) {
        zone.servers.push_back(server->name);
      }
    }
    if (!zone.servers.empty()) {
      std::ranges::sort(zone.servers);
      return zone;
    }
  }
  return std::nullopt;
}

bool is_in_zone(const std::string& name, const std::string& zone) {
  const auto host = mail::Domain::parse(name);
  const auto apex = mail::Domain::parse(zone);
  return host && apex && host->is_within(*apex);
}

// TLSA records of the mail hosts that are in the same zone.
void add_associations(const Examination& examination, const Zone& zone,
                      std::vector<dns::Question>& list) {
  constexpr std::size_t max_hosts = 10;
  std::size_t count = 0;
  const dns::Answer mx = examination.ask(examination.domain.text(), RecordType::mx);
  for (const dns::MailExchange* exchange : mx.all<dns::MailExchange>()) {
    if (is_in_zone(exchange->host, zone.name) && ++count <= max_hosts) {
      list.push_back({"_25._tcp." + exchange->host, RecordType::tlsa});
    }
  }
}

Check check_of(const dns::Question& question) {
  return question.type == RecordType::tlsa ? Check::dane_some_servers : Check::ns_differ;
}

std::vector<dns::Question> questions(const Examination& examination, const Zone& zone) {
  const std::string& domain = examination.domain.text();
  std::vector<dns::Question> list{{domain, RecordType::txt},
                                  {domain, RecordType::mx},
                                  {domain, RecordType::caa},
                                  {"_dmarc." + domain, RecordType::txt},
                                  {"_mta-sts." + domain, RecordType::txt},
                                  {"_smtp._tls." + domain, RecordType::txt}};
  for (const std::string& selector : examination.options.selectors) {
    list.push_back({selector + "._domainkey." + domain, RecordType::txt});
  }
  add_associations(examination, zone, list);
  return list;
}

bool may_ask(const Options& options, const dns::IpAddress& address) {
  return options.allow_private || dns::reach_of(address) == dns::Reach::global;
}

// Of each family one.
std::vector<dns::IpAddress> addresses_of(Examination& examination, const std::string& name) {
  std::vector<dns::IpAddress> addresses;
  for (const RecordType type : {RecordType::a, RecordType::aaaa}) {
    const dns::Answer answer = examination.ask_for(Check::domain_lame, name, type);
    for (const dns::IpAddress* address : answer.all<dns::IpAddress>()) {
      if (may_ask(examination.options, *address)) {
        addresses.push_back(address->unmapped());
        break;
      }
    }
  }
  if (addresses.empty()) {
    examination.outcomes.unknown(Check::domain_lame, name, "A and AAAA " + name,
                                 "no address that may be asked");
  }
  return addresses;
}

std::vector<Server> ask_all(Examination& examination, const Zone& zone,
                            const std::vector<dns::Question>& list) {
  std::vector<Server> servers;
  for (const std::string& name : zone.servers) {
    for (const dns::IpAddress& address : addresses_of(examination, name)) {
      const dns::Lookups lookups(examination.options.open_server(address),
                                 {.deadline = std::chrono::steady_clock::now() + patience,
                                  .limit = std::numeric_limits<std::size_t>::max()});
      Server server{name + " [" + address.text() + ']', lookups, std::nullopt, {}};
      server.start = lookups.lookup(zone.name, RecordType::soa);
      for (const dns::Question& question : list) {
        server.pending.push_back(lookups.lookup(question.name, question.type));
      }
      servers.push_back(std::move(server));
    }
  }
  return servers;
}

struct AsText {
  std::string operator()(const dns::Text& text) const { return text.data; }
  std::string operator()(const dns::MailExchange& exchange) const {
    return std::to_string(exchange.preference) + ' ' + exchange.host;
  }
  std::string operator()(const dns::CertificateAuthority& caa) const {
    return std::to_string(caa.flags) + ' ' + caa.tag + ' ' + caa.value;
  }
  std::string operator()(const dns::CertificateAssociation& record) const {
    return dane::format_record(record);
  }
  template <typename Other>
  std::string operator()(const Other& /*other*/) const {
    return {};  // not asked for
  }
};

// The records as a set.
std::string content_of(const dns::Answer& answer) {
  std::multiset<std::string> records;
  if (answer.records) {
    for (const dns::Record& record : *answer.records) {
      records.insert(std::visit(AsText{}, record));
    }
  }
  std::string content;
  for (const std::string& record : records) {
    content += std::to_string(record.size()) + ':' + record;
  }
  return content;
}

// False for a server whose answers do not count.
bool serves_zone(Examination& examination, const std::string& zone, Server& server) {
  const dns::Answer answer = server.start->get();
  if (answer.status == dns::Status::refused ||
      (!dns::is_temporary(answer.status) && !answer.authoritative)) {
    examination.outcomes
        .bad(Check::domain_lame, server.label, "it does not serve the zone " + shown(zone))
        .servers.push_back(shown(server.label));
    return false;
  }
  if (dns::is_temporary(answer.status)) {
    examination.outcomes.unknown(Check::domain_lame, server.label, "SOA " + zone,
                                 std::string(dns::format_status(answer.status)));
    return false;
  }
  examination.outcomes.good(Check::domain_lame, server.label);
  return true;
}

// Those that disagree with most of them; of two halves, with the first.
void compare(Examination& examination, const dns::Question& question,
             const std::map<std::string, std::vector<std::string>>& servers_by_content) {
  const std::string name = std::string(dns::format_type(question.type)) + ' ' + question.name;
  if (servers_by_content.size() < 2) {
    examination.outcomes.good(check_of(question), name);
    return;
  }
  const auto most = std::ranges::max_element(servers_by_content, {},
                                             [](const auto& entry) { return entry.second.size(); });
  std::size_t all = 0;
  std::vector<std::string> others;
  for (const auto& [content, servers] : servers_by_content) {
    all += servers.size();
    if (content != most->first) {
      others.insert(others.end(), servers.begin(), servers.end());
    }
  }
  Finding& finding = examination.outcomes.bad(
      check_of(question), name,
      std::to_string(others.size()) + " of " + std::to_string(all) + " servers answer otherwise");
  finding.servers = std::move(others);
}

}  // namespace

void check_name_servers(Examination& examination) {
  const auto zone = find_zone(examination);
  if (!zone) {
    return;
  }
  const std::vector<dns::Question> list = questions(examination, *zone);
  std::vector<Server> servers = ask_all(examination, *zone, list);
  std::vector<std::map<std::string, std::vector<std::string>>> answers(list.size());
  for (Server& server : servers) {
    if (!serves_zone(examination, zone->name, server)) {
      continue;
    }
    for (std::size_t i = 0; i < list.size(); ++i) {
      const dns::Answer answer = server.pending[i].get();
      if (dns::is_temporary(answer.status)) {
        examination.outcomes.unknown(
            check_of(list[i]), server.label,
            std::string(dns::format_type(list[i].type)) + ' ' + list[i].name,
            std::string(dns::format_status(answer.status)));
      } else if (answer.authoritative) {  // else the name is delegated to others
        answers[i][content_of(answer)].push_back(shown(server.label));
      }
    }
  }
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (!answers[i].empty()) {
      compare(examination, list[i], answers[i]);
    }
  }
}

}  // namespace sekisho::domain_check
