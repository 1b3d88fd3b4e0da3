// One domain that is being examined: what the checks share.
#pragma once

#include "dmarc/options.hpp"
#include "dns/ip_address.hpp"
#include "dns/lookups.hpp"
#include "dns/resolver.hpp"
#include "domain_check/finding.hpp"
#include "mail/domain.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sekisho::domain_check {

class Validator;

/// Opens a way to ask one server of a zone, without recursion.
using ServerOpener = std::function<std::shared_ptr<dns::Resolver>(const dns::IpAddress&)>;

/// How hosts are connected to.
struct Connections {
  bool is_resolver_trusted = false;  ///< Its AD bit says that an answer is secure.
  std::string authorities;           ///< File of certificates to trust; empty: the system's.
  std::string helo = "localhost";
  std::uint16_t smtp_port = 25;
  std::optional<std::chrono::sys_seconds> time;  ///< To verify certificates at; nullopt: now.
};

/// What the caller knows of the domains.
struct Options {
  std::vector<std::string> selectors;           ///< A missing key is an error.
  std::vector<std::string> reported_selectors;  ///< Seen by others; a missing key is nothing.
  std::vector<std::string> guessed_selectors;   ///< A missing key is nothing.
  /// When signatures of a selector, which are still reported, were reported first.
  std::map<std::string, std::chrono::sys_seconds> first_seen;
  std::chrono::sys_seconds time;          ///< Of the check.
  std::vector<mail::Domain> names;        ///< Names that exist, for the forger's table.
  std::vector<mail::Domain> other_names;  ///< The same, after those of MX records.
  std::vector<dns::IpAddress> clients;    ///< That send mail of the domain.
  std::string helo;                       ///< What these clients say.
  bool parked = false;                    ///< The domain neither sends nor receives mail.
  bool documentation_is_public = false;   ///< Documentation addresses are no private ones.
  std::shared_ptr<const dmarc::PublicSuffixes> suffixes;  ///< Null: libpsl's own.
  ServerOpener open_server;  ///< Null: the servers of the zone are not asked themselves.
  std::shared_ptr<Validator> validator;    ///< Null: answers are not validated here.
  std::optional<Connections> connections;  ///< Nullopt: nothing is connected to.
  bool allow_private = false;  ///< Servers and hosts with private addresses are asked, too.
};

/// Asks, waits and notes. Not to be used on the network's thread.
struct Examination {
  const dns::Lookups& lookups;
  const Options& options;
  mail::Domain domain;
  Outcomes outcomes;

  [[nodiscard]] dns::Answer ask(const std::string& name, dns::RecordType type) const {
    return lookups.lookup(name, type).get();
  }
  /// Asks; where there is no answer, `check` is unknown.
  [[nodiscard]] dns::Answer ask_for(Check check, const std::string& name, dns::RecordType type) {
    dns::Answer answer = ask(name, type);
    if (dns::is_temporary(answer.status)) {
      outcomes.unknown(check, name, std::string(dns::format_type(type)) + " " + name,
                       std::string(dns::format_status(answer.status)));
    }
    return answer;
  }
};

/// The texts of an answer, as published.
[[nodiscard]] std::vector<std::string> texts_of(const dns::Answer& answer);

/// A line of a zone file with a TXT record; what is not printable in `text` is escaped.
[[nodiscard]] std::string txt_line(const std::string& name, const std::string& text);

}  // namespace sekisho::domain_check
