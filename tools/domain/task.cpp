#include "tools/domain/task.hpp"

#include "dns/special_addresses.hpp"
#include "dns/stub_resolver.hpp"
#include "domain_check/dkim.hpp"
#include "tools/cli/configuration.hpp"
#include "tools/cli/now_option.hpp"
#include "tools/domain/known_selectors.hpp"
#include "tools/domain/run.hpp"
#include "tools/domain/validator.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include <unistd.h>

namespace sekisho::tools {

namespace {

std::unexpected<Refusal> misuse(std::string message) {
  return std::unexpected(Refusal{exit_usage, std::move(message)});
}

std::expected<std::vector<mail::Domain>, Refusal> parse_domains(
    const std::vector<std::string>& texts) {
  std::vector<mail::Domain> domains;
  for (const std::string& text : texts) {
    const auto domain = mail::Domain::parse(text);
    if (!domain) {
      return misuse(text + ": not a domain name");
    }
    if (std::ranges::count(domains, *domain) == 0) {
      domains.push_back(*domain);
    }
  }
  return domains;
}

std::expected<void, Refusal> add_selectors(const DomainArguments& arguments, DomainTask& task) {
  for (const std::string& selector : arguments.selectors) {
    if (!is_selector(selector)) {
      return misuse("--selector " + selector + ": not a selector");
    }
    task.options.selectors.push_back(selector);
  }
  if (arguments.guess_selectors) {
    task.options.guessed_selectors = domain_check::usual_selectors();
  }
  if (arguments.message.empty()) {
    return {};
  }
  auto named = selectors_of_message(arguments.message);
  if (!named) {
    return std::unexpected(named.error());
  }
  task.named = *std::move(named);
  return {};
}

std::expected<void, Refusal> add_clients(const DomainArguments& arguments, DomainTask& task) {
  for (const std::string& text : arguments.clients) {
    const auto address = dns::IpAddress::parse(text);
    if (!address) {
      return misuse("--ip " + text + ": not an IPv4 or IPv6 address");
    }
    task.options.clients.push_back(*address);
  }
  if (!arguments.helo.empty() && arguments.clients.empty()) {
    return misuse("--helo needs --ip");
  }
  task.options.helo = arguments.helo;
  return {};
}

void add_known(const DomainArguments& arguments, const config::Options& options, DomainTask& task) {
  for (NamedSelector& selector : selectors_of_configuration(options)) {
    task.named.push_back(std::move(selector));
  }
  for (const mail::Domain& domain : task.domains) {
    if (auto stored = read_stored_mail(options, domain, present_time(arguments.now))) {
      task.stored.emplace(domain, *std::move(stored));
    }
  }
}

dns::Options with_timeout(dns::Options options, double seconds) {
  if (seconds > 0) {
    options.timeout = std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1'000));
    options.attempt_timeout = std::min(options.attempt_timeout, options.timeout);
  }
  return options;
}

domain_check::ServerOpener server_opener(dns::Options options) {
  options.recursion = false;
  return [options](const dns::IpAddress& address) {
    dns::Options one = options;
    one.nameservers = {dns::Server{.address = address}};
    return std::make_shared<dns::StubResolver>(std::move(one));
  };
}

// RFC 4035 §4.9.3: the AD bit means something on a safe way, and from a server that validates.
bool is_on_this_host(const std::vector<dns::Server>& servers) {
  return std::ranges::all_of(servers, [](const dns::Server& server) {
    return dns::reach_of(server.address) == dns::Reach::loopback;
  });
}

std::vector<dns::Server> servers_of(const DomainArguments& arguments, const dns::Options& dns) {
  std::vector<dns::Server> servers = dns.nameservers;
  for (const std::string& text : arguments.dns.nameservers) {
    if (const auto server = dns::parse_server(text)) {
      servers.push_back(*server);
    }
  }
  return servers.empty() ? dns::system_servers() : servers;
}

// Without a validator, the rest is checked; a file that was named has to be there.
std::expected<void, Refusal> add_validator(const DomainArguments& arguments,
                                           const dns::Options& dns, DomainTask& task) {
  if (!arguments.authoritative) {
    return arguments.trust_anchor.empty() ? std::expected<void, Refusal>{}
                                          : misuse("--trust-anchor needs --authoritative");
  }
  auto validator =
      open_validator(servers_of(arguments, dns),
                     arguments.trust_anchor.empty() ? root_anchor : arguments.trust_anchor);
  if (!validator && !arguments.trust_anchor.empty()) {
    return std::unexpected(Refusal{exit_failure, validator.error()});
  }
  task.options.validator = validator ? *std::move(validator) : nullptr;
  return {};
}

std::expected<void, Refusal> add_connections(const DomainArguments& arguments, dns::Options& dns,
                                             DomainTask& task) {
  if (!arguments.connect) {
    return arguments.at || !arguments.authorities.empty()
               ? misuse("--at and --authorities need --connect")
               : std::expected<void, Refusal>{};
  }
  dns.trust_ad = dns.trust_ad || is_on_this_host(servers_of(arguments, dns));
  domain_check::Connections connections;
  connections.is_resolver_trusted = dns.trust_ad && arguments.dns.zone.empty();
  connections.authorities = arguments.authorities;
  if (arguments.at) {
    connections.time = std::chrono::sys_seconds(std::chrono::seconds(*arguments.at));
  }
  std::array<char, 256> host{};
  if (gethostname(host.data(), host.size() - 1) == 0 && mail::Domain::parse(host.data())) {
    connections.helo = host.data();
  }
  task.options.connections = std::move(connections);
  return {};
}

std::expected<config::Options, Refusal> read_options(const DomainArguments& arguments) {
  if (!arguments.config.empty()) {
    return load_configuration(arguments.config);
  }
  return arguments.watched ? load_configuration(std::string(default_configuration))
                           : config::Options{};
}

std::expected<void, Refusal> add_domains(const DomainArguments& arguments,
                                         const config::Options& options, DomainTask& task) {
  if (!arguments.watched) {
    if (arguments.domains.empty()) {
      return misuse("a DOMAIN is needed, or --watched");
    }
    auto domains = parse_domains(arguments.domains);
    if (!domains) {
      return std::unexpected(domains.error());
    }
    task.domains = *std::move(domains);
    return {};
  }
  if (!arguments.domains.empty() || !arguments.with.empty() || !arguments.baseline.empty()) {
    return misuse("--watched takes no DOMAIN, --with or --baseline");
  }
  if (options.domains.watch.empty()) {
    return misuse(
        "--watched: domains.watch is empty; set it to the domains, such as watch = "
        "[\"example.org\"] in [domains]");
  }
  task.domains = options.domains.watch;
  task.watched = options.domains;
  return {};
}

std::expected<void, Refusal> open_dns(const DomainArguments& arguments, config::Options options,
                                      DomainTask& task) {
  if (!arguments.config.empty() || arguments.watched) {
    add_known(arguments, options, task);
  }
  if (auto loaded = dmarc::load_public_suffixes(options.dmarc); !loaded) {
    return std::unexpected(Refusal{exit_failure, loaded.error()});
  }
  task.options.suffixes = options.dmarc.suffixes;
  if (auto added = add_connections(arguments, options.dns, task); !added) {
    return added;
  }
  if (auto added = add_validator(arguments, options.dns, task); !added) {
    return added;
  }
  auto resolver = open_resolver(arguments.dns, with_timeout(options.dns, arguments.dns_timeout));
  if (!resolver) {
    return std::unexpected(resolver.error());
  }
  task.resolver = *std::move(resolver);
  if (arguments.authoritative) {
    task.options.open_server = server_opener(with_timeout(options.dns, arguments.dns_timeout));
  }
  add_facts_of_zone(*task.resolver, task.options);
  return {};
}

void add_subject_options(Command& check, DomainArguments& arguments) {
  check.option("--selector NAME", arguments.selectors, "DKIM selector; may be repeated");
  check.flag("--guess-selectors", arguments.guess_selectors,
             "Also try selectors that mail services use");
  check.option("--message FILE", arguments.message,
               "Take selectors from the signatures of this message");
  check.option("--name NAME", arguments.names,
               "Name below the domain that exists, for the forger's table; may be repeated");
  check.option("--ip ADDR", arguments.clients,
               "Address of a host that sends mail of the domain; may be repeated");
  check.option("--helo NAME", arguments.helo, "Name that this host gives in HELO or EHLO");
  check.flag("--parked", arguments.parked, "The domain neither sends nor receives mail");
  check.option("--trust-anchor FILE", arguments.trust_anchor,
               "Validate from these keys instead of that of the root; needs --authoritative");
  check.flag("--authoritative", arguments.authoritative,
             "Ask every server of the zone, and compare their answers");
  check.flag("--connect", arguments.connect,
             "Connect to the mail hosts, and fetch the MTA-STS policy");
  check.number("--at EPOCH", arguments.at, {0, 253'402'300'799},
               "Verify certificates at this time");
  check.option("--authorities FILE", arguments.authorities,
               "Certificates of authorities to trust instead of those of the system");
  check.flag("--allow-private", arguments.allow_private,
             "Also connect to addresses that are not public");
}

}  // namespace

void add_domain_options(Command& check, DomainArguments& arguments) {
  constexpr Range<double> timeouts{0.001, 3'600};  // seconds
  check.argument("DOMAIN", arguments.domains, "Domain to check; may be repeated");
  check.flag("--watched", arguments.watched,
             "Check the domains of domains.watch, and tell what is worse than in the last run");
  add_subject_options(check, arguments);
  check.option("--only PREFIX", arguments.only,
               "Print only checks whose id begins so; may be repeated");
  check.option("--with RECORD", arguments.with,
               "Check as if NAME TYPE \"DATA\" were published; may be repeated");
  check.option("--baseline FILE", arguments.baseline,
               "Print only what an earlier output in JSON does not have");
  check.choice("--fail-on", arguments.fail_on, {"error", "warning", "advice"},
               "Least level of a finding for exit status 3; default: error");
  check.flag("--all", arguments.all, "Also print advice, and the checks without a finding");
  check.option("--config FILE", arguments.config,
               "Configuration file; default: none, all options have their defaults");
  add_dns_options(check, arguments.dns);
  check.number("--dns-timeout SECONDS", arguments.dns_timeout, timeouts,
               "Time limit for one question, including all servers");
  add_now_option(check, arguments.now);
  check.choice("--format", arguments.format, {"text", "json"}, "Output format");
}

std::expected<DomainTask, Refusal> read_domain_task(const DomainArguments& arguments) {
  DomainTask task;
  auto options = read_options(arguments);
  if (!options) {
    return std::unexpected(options.error());
  }
  if (auto added = add_domains(arguments, *options, task); !added) {
    return std::unexpected(added.error());
  }
  auto names = parse_domains(arguments.names);
  if (!names) {
    return std::unexpected(names.error());
  }
  task.options.names = *std::move(names);
  task.options.parked = arguments.parked;
  task.options.allow_private = arguments.allow_private;
  if (arguments.authoritative && !arguments.dns.zone.empty()) {
    return misuse("--authoritative asks the network, --zone does not");
  }
  for (auto* const step : {&add_selectors, &add_clients}) {
    if (auto done = step(arguments, task); !done) {
      return std::unexpected(done.error());
    }
  }
  if (auto opened = open_dns(arguments, *std::move(options), task); !opened) {
    return std::unexpected(opened.error());
  }
  task.selection.all = arguments.all;
  task.selection.only = arguments.only;
  if (!arguments.baseline.empty()) {
    auto baseline = read_baseline(arguments.baseline);
    if (!baseline) {
      return std::unexpected(baseline.error());
    }
    task.selection.before = *std::move(baseline);
  }
  return task;
}

}  // namespace sekisho::tools
