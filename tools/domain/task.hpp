// What `sekisho domain check` is asked to do.
#pragma once

#include "config/options.hpp"
#include "dns/resolver.hpp"
#include "domain_check/examination.hpp"
#include "mail/domain.hpp"
#include "tools/cli/command_line.hpp"
#include "tools/cli/dns_options.hpp"
#include "tools/cli/refusal.hpp"
#include "tools/domain/report.hpp"
#include "tools/domain/selectors.hpp"
#include "tools/domain/stored_mail.hpp"

#include <cstdint>
#include <expected>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sekisho::tools {

struct DomainArguments {
  std::vector<std::string> domains;
  std::vector<std::string> selectors;
  bool guess_selectors = false;
  std::string message;
  std::vector<std::string> names;
  std::vector<std::string> clients;
  std::string helo;
  bool parked = false;
  bool authoritative = false;
  std::string trust_anchor;
  bool connect = false;
  std::string authorities;
  std::optional<std::int64_t> at;
  bool allow_private = false;
  std::vector<std::string> only;
  std::vector<std::string> with;
  std::string baseline;
  std::string fail_on = "error";
  bool all = false;
  bool watched = false;
  std::string config;
  DnsArguments dns;
  double dns_timeout = 0;
  std::optional<std::int64_t> now;
  std::string format = "text";
};

/// What the arguments stand for.
struct DomainTask {
  std::vector<mail::Domain> domains;
  domain_check::Options options;
  std::vector<NamedSelector> named;           // by the message and the configuration
  std::map<mail::Domain, StoredMail> stored;  // what others reported
  std::shared_ptr<dns::Resolver> resolver;
  Selection selection;
  config::Domains watched;  // with --watched
};

void add_domain_options(Command& check, DomainArguments& arguments);

/// Reads the files that the arguments name, and opens the DNS.
[[nodiscard]] std::expected<DomainTask, Refusal> read_domain_task(const DomainArguments& arguments);

}  // namespace sekisho::tools
