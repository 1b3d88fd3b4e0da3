#include "dns/zone_file.hpp"
#include "domain_check/domain_check.hpp"
#include "domain_check/memory.hpp"
#include "domain_check/overlay.hpp"
#include "tools/cli/configuration.hpp"
#include "tools/cli/dns_options.hpp"
#include "tools/cli/now_option.hpp"
#include "tools/cli/progress.hpp"
#include "tools/cli/subcommands.hpp"
#include "tools/domain/report.hpp"
#include "tools/domain/selectors.hpp"

#include <algorithm>
#include <chrono>
#include <expected>
#include <iostream>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <unistd.h>

namespace sekisho::tools {

namespace {

constexpr std::size_t max_questions = 400;
constexpr std::chrono::seconds patience{60};

struct Arguments {
  std::vector<std::string> domains;
  std::vector<std::string> selectors;
  bool guess_selectors = false;
  std::string message;
  std::vector<std::string> names;
  std::vector<std::string> clients;
  std::string helo;
  bool parked = false;
  bool authoritative = false;
  bool allow_private = false;
  std::vector<std::string> only;
  std::vector<std::string> with;
  std::string baseline;
  std::string fail_on;
  bool all = false;
  std::string config;
  DnsArguments dns;
  double dns_timeout = 0;
  std::optional<std::int64_t> now;
  std::string format = "text";
};

/// What the arguments stand for.
struct Task {
  std::vector<mail::Domain> domains;
  domain_check::Options options;
  std::vector<NamedSelector> named;  // by the message
  std::shared_ptr<dns::Resolver> resolver;
  Selection selection;
};

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

std::expected<void, Refusal> add_selectors(const Arguments& arguments, Task& task) {
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

std::expected<void, Refusal> add_clients(const Arguments& arguments, Task& task) {
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

// Names of a zone file that could be in an address.
std::vector<mail::Domain> names_of(const dns::ZoneFile& zone) {
  std::vector<mail::Domain> names;
  for (const std::string& text : zone.names()) {
    const auto name = mail::Domain::parse(text);
    if (name && !text.contains('_') && !text.starts_with("mta-sts.")) {
      names.push_back(*name);
    }
  }
  return names;
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

std::expected<void, Refusal> open_dns(const Arguments& arguments, Task& task) {
  config::Options options;
  if (!arguments.config.empty()) {
    auto loaded = load_configuration(arguments.config);
    if (!loaded) {
      return std::unexpected(loaded.error());
    }
    options = *std::move(loaded);
  }
  if (auto loaded = dmarc::load_public_suffixes(options.dmarc); !loaded) {
    return std::unexpected(Refusal{exit_failure, loaded.error()});
  }
  task.options.suffixes = options.dmarc.suffixes;
  auto resolver = open_resolver(arguments.dns, with_timeout(options.dns, arguments.dns_timeout));
  if (!resolver) {
    return std::unexpected(resolver.error());
  }
  task.resolver = *std::move(resolver);
  if (arguments.authoritative) {
    task.options.open_server = server_opener(with_timeout(options.dns, arguments.dns_timeout));
  }
  if (const auto zone = std::dynamic_pointer_cast<dns::ZoneFile>(task.resolver)) {
    task.options.other_names = names_of(*zone);
    task.options.documentation_is_public = true;
  }
  return {};
}

std::expected<Task, Refusal> read_arguments(const Arguments& arguments) {
  Task task;
  auto domains = parse_domains(arguments.domains);
  if (!domains) {
    return std::unexpected(domains.error());
  }
  task.domains = *std::move(domains);
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
  for (auto* const step : {&add_selectors, &add_clients, &open_dns}) {
    if (auto done = step(arguments, task); !done) {
      return std::unexpected(done.error());
    }
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

domain_check::Options options_for(const Task& task, const mail::Domain& domain) {
  domain_check::Options options = task.options;
  for (const NamedSelector& named : task.named) {
    if (named.domain == domain && std::ranges::count(options.selectors, named.selector) == 0) {
      options.selectors.push_back(named.selector);
    }
  }
  return options;
}

std::expected<DomainRun, Refusal> check_one(const Arguments& arguments, const Task& task,
                                            const mail::Domain& domain, Progress& progress) {
  std::shared_ptr<dns::Resolver> resolver = task.resolver;
  if (!arguments.with.empty()) {
    auto overlay = domain_check::parse_overlay(arguments.with, domain.text());
    if (!overlay) {
      return misuse("--with " + overlay.error());
    }
    resolver = std::make_shared<domain_check::Overlay>(resolver, *std::move(overlay));
  }
  const auto memory =
      std::make_shared<domain_check::Memory>(resolver, max_questions, [&](std::size_t questions) {
        if (progress.is_due()) {
          progress.show("checking " + domain.text() + ": " + std::to_string(questions) +
                        " look-ups");
        }
      });
  const auto begin = std::chrono::steady_clock::now();
  const dns::Lookups lookups(
      memory, {.deadline = begin + patience, .limit = std::numeric_limits<std::size_t>::max()});
  DomainRun run{.report = domain_check::check_domain(lookups, domain, options_for(task, domain)),
                .time = present_time(arguments.now)};
  run.questions = memory->questions();
  run.duration = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - begin);
  return run;
}

std::expected<std::vector<DomainRun>, Refusal> check_all(const Arguments& arguments,
                                                         const Task& task) {
  Progress progress;
  std::vector<DomainRun> runs;
  for (const mail::Domain& domain : task.domains) {
    auto run = check_one(arguments, task, domain, progress);
    if (!run) {
      return std::unexpected(run.error());
    }
    runs.push_back(*std::move(run));
  }
  return runs;
}

// Keys can be compared when all domains were checked.
void compare_keys(std::vector<DomainRun>& runs) {
  std::vector<domain_check::Report> reports;
  for (DomainRun& run : runs) {
    reports.push_back(std::move(run.report));
  }
  domain_check::note_keys_of_several_domains(reports);
  for (std::size_t i = 0; i < runs.size(); ++i) {
    runs[i].report = std::move(reports[i]);
  }
}

bool is_bad_enough(const Arguments& arguments, domain_check::Level level) {
  if (arguments.fail_on.empty()) {
    return false;
  }
  return level == domain_check::Level::error ||
         (arguments.fail_on == "warning" && level == domain_check::Level::warning);
}

// What is wrong weighs more than what the DNS did not answer.
int status_of(const Arguments& arguments, const std::vector<DomainRun>& runs,
              const Selection& selection) {
  int status = exit_success;
  for (const DomainRun& run : runs) {
    for (const auto& finding : select(run.report, selection).findings) {
      if (is_bad_enough(arguments, finding.level)) {
        return exit_findings;
      }
    }
    status = run.report.is_answered ? status : exit_no_answer;
  }
  return status;
}

void print(const Arguments& arguments, const std::vector<DomainRun>& runs,
           const Selection& selection) {
  if (arguments.format == "json") {
    std::cout << format_domains_json(runs, selection);
    return;
  }
  const bool colour = isatty(STDOUT_FILENO) != 0;
  bool is_first = true;
  for (const DomainRun& run : runs) {
    std::cout << (std::exchange(is_first, false) ? "" : "\n")
              << format_domain_text(run, selection, colour);
  }
}

int run(const Arguments& arguments) {
  const auto task = read_arguments(arguments);
  if (!task) {
    return complain("domain check", task.error());
  }
  auto runs = check_all(arguments, *task);
  if (!runs) {
    return complain("domain check", runs.error());
  }
  compare_keys(*runs);
  print(arguments, *runs, task->selection);
  return std::cout.flush()
             ? status_of(arguments, *runs, task->selection)
             : complain("domain check", {exit_failure, "the output cannot be written"});
}

void add_subject_options(Command& check, Arguments& arguments) {
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
  check.flag("--authoritative", arguments.authoritative,
             "Ask every server of the zone, and compare their answers");
  check.flag("--allow-private", arguments.allow_private,
             "Also ask servers whose addresses are not public");
}

}  // namespace

void add_domain_check(Command& domain) {
  constexpr Range<double> timeouts{0.001, 3'600};  // seconds
  Command check =
      domain.command("check", "Check SPF, DKIM, DMARC, MX and other records of domains");
  Arguments& arguments = check.runs(run);
  check.argument("DOMAIN", arguments.domains, "Domain to check; may be repeated").required();
  add_subject_options(check, arguments);
  check.option("--only PREFIX", arguments.only,
               "Print only checks whose id begins so; may be repeated");
  check.option("--with RECORD", arguments.with,
               "Check as if NAME TYPE \"DATA\" were published; may be repeated");
  check.option("--baseline FILE", arguments.baseline,
               "Print only what an earlier output in JSON does not have");
  check.choice("--fail-on", arguments.fail_on, {"error", "warning"},
               "Exit with 3 if there are findings of this level or a worse one");
  check.flag("--all", arguments.all, "Also print advice, and the checks without a finding");
  check.option("--config FILE", arguments.config,
               "Configuration file; default: none, all options have their defaults");
  add_dns_options(check, arguments.dns);
  check.number("--dns-timeout SECONDS", arguments.dns_timeout, timeouts,
               "Time limit for one question, including all servers");
  add_now_option(check, arguments.now);
  check.choice("--format", arguments.format, {"text", "json"}, "Output format");
}

}  // namespace sekisho::tools
