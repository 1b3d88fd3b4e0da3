#include "tools/check.hpp"

#include "authres/authentication_results.hpp"
#include "authres/describe.hpp"
#include "checkpoint/services.hpp"
#include "checkpoint/session.hpp"
#include "config/load.hpp"
#include "dns/stub_resolver.hpp"
#include "dns/zone_file.hpp"
#include "mail/message_reader.hpp"
#include "tools/check_report.hpp"
#include "tools/refusal.hpp"

#include <chrono>
#include <cstdint>
#include <expected>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <unistd.h>

namespace sekisho::tools {

namespace {

constexpr double longest_timeout = 3'600;              // seconds
constexpr std::int64_t latest_time = 253'402'300'799;  // the end of the year 9999

struct Arguments {
  std::string config;
  std::string ip;
  std::string helo;
  std::string mail_from;
  std::vector<std::string> recipients;
  std::vector<std::string> nameservers;
  double dns_timeout = 0;
  std::string zone;
  std::optional<std::int64_t> now;
  std::string authserv_id;
  std::string spf_engine;
  std::string format = "text";
  std::string message;
};

std::expected<config::Options, Refusal> load_options(const Arguments& arguments) {
  config::Options options;
  if (!arguments.config.empty()) {
    auto loaded = config::load(arguments.config);
    if (!loaded) {
      std::string message = "the configuration is not valid";
      for (const config::Problem& problem : loaded.error()) {
        message += "\n" + problem.message;
      }
      return std::unexpected(Refusal{exit_failure, message});
    }
    options = std::move(*loaded);
  }
  if (!arguments.authserv_id.empty()) {
    options.authserv_id = arguments.authserv_id;
  }
  if (!arguments.spf_engine.empty()) {
    options.spf.engine =
        arguments.spf_engine == "libspf2" ? spf::Engine::libspf2 : spf::Engine::sekisho;
  }
  return options;
}

std::expected<void, Refusal> apply_dns(const Arguments& arguments, dns::Options& options) {
  if (!arguments.nameservers.empty()) {
    options.nameservers.clear();
  }
  for (const std::string& text : arguments.nameservers) {
    const auto server = dns::parse_server(text);
    if (!server) {
      return std::unexpected(Refusal{exit_usage, "--nameserver " + text + ": " + server.error()});
    }
    options.nameservers.push_back(*server);
  }
  if (arguments.dns_timeout > 0) {
    options.timeout =
        std::chrono::milliseconds(static_cast<std::int64_t>(arguments.dns_timeout * 1000));
    options.attempt_timeout = std::min(options.attempt_timeout, options.timeout);
  }
  return {};
}

std::expected<std::shared_ptr<const checkpoint::Services>, Refusal> open_services(
    const Arguments& arguments) {
  auto options = load_options(arguments);
  if (!options) {
    return std::unexpected(options.error());
  }
  if (const auto applied = apply_dns(arguments, options->dns); !applied) {
    return std::unexpected(applied.error());
  }
  if (arguments.dns_timeout > 0) {
    options->message_timeout = std::max(options->message_timeout, options->dns.timeout);
  }
  std::shared_ptr<dns::Resolver> resolver;
  if (!arguments.zone.empty()) {
    auto zone = dns::ZoneFile::load(arguments.zone);
    if (!zone) {
      return std::unexpected(Refusal{exit_failure, zone.error().message});
    }
    resolver = std::move(*zone);
  }
  auto services = checkpoint::open_services(std::move(*options), std::move(resolver));
  if (arguments.now) {
    services->now = [now = *arguments.now] {
      return std::chrono::sys_seconds(std::chrono::seconds(now));
    };
  }
  return services;
}

// Fields travel with CRLF at their folds; people and their tools read lines that end in LF.
std::string shown_value(std::string value) {
  value.erase(0, value.find_first_not_of(' '));
  std::erase(value, '\r');
  return value;
}

CheckReport check_envelope(const checkpoint::Services& services, checkpoint::Session& session) {
  CheckReport report;
  report.findings = session.end_of_envelope().value();
  report.authentication_results =
      shown_value(format(authres::describe(report.findings, services.options.authserv_id),
                         {.comments = services.options.header_comments}));
  return report;
}

CheckReport check_message(const checkpoint::Services& services, checkpoint::Session& session,
                          std::istream& input) {
  const auto on_header = [&](mail::HeaderSection header) {
    for (mail::HeaderField& field : header) {
      session.header(std::move(field));
    }
    session.end_of_header();
  };
  const config::Limits& limits = services.options.limits;
  // One field more than the limit lets the transaction see that there were too many.
  const mail::ReadReport read = mail::read_message(
      input, {.header_octets = limits.header_octets + 1, .header_fields = limits.header_fields + 1},
      on_header, [&](std::string_view chunk) { session.body(chunk); });

  CheckReport report;
  checkpoint::Verdict verdict = session.end_of_message("").value();
  report.findings = std::move(verdict.findings);
  report.disposition = std::move(verdict.disposition);
  report.authentication_results = shown_value(std::move(verdict.insertions.front().value));
  if (read.header_cut) {
    report.notes.emplace_back(
        "a line that is no header field ended the header section; it and what follows is body");
  }
  if (read.over_limit) {
    report.notes.emplace_back("the header section is larger than the limit");
  }
  return report;
}

std::expected<CheckReport, Refusal> read_and_check(const Arguments& arguments) {
  const auto client = dns::IpAddress::parse(arguments.ip);
  if (!arguments.ip.empty() && !client) {
    return std::unexpected(
        Refusal{exit_usage, "--ip " + arguments.ip + ": not an IPv4 or IPv6 address"});
  }
  if (arguments.ip.empty() && arguments.message.empty()) {
    return std::unexpected(Refusal{exit_usage, "nothing to check: give --ip, a MESSAGE, or both"});
  }
  const auto services = open_services(arguments);
  if (!services) {
    return std::unexpected(services.error());
  }
  checkpoint::Session session(*services);
  session.connect(client);
  session.helo(arguments.helo);
  session.mail(arguments.mail_from);
  for (const std::string& recipient : arguments.recipients) {
    session.recipient(recipient);
  }
  if (arguments.message.empty()) {
    return check_envelope(**services, session);
  }
  if (arguments.message == "-") {
    return check_message(**services, session, std::cin);
  }
  std::ifstream file(arguments.message, std::ios::binary);
  if (!file) {
    return std::unexpected(Refusal{exit_failure, arguments.message + ": cannot be opened"});
  }
  CheckReport report = check_message(**services, session, file);
  if (file.bad()) {  // a folder, for one
    return std::unexpected(Refusal{exit_failure, arguments.message + ": cannot be read"});
  }
  return report;
}

int run(const Arguments& arguments) {
  const auto report = read_and_check(arguments);
  if (!report) {
    return complain("check", report.error());
  }
  std::cout << (arguments.format == "json" ? format_json(*report)
                                           : format_text(*report, isatty(STDOUT_FILENO) != 0));
  return std::cout.flush() ? exit_success
                           : complain("check", {exit_failure, "the output cannot be written"});
}

}  // namespace

void add_check(CLI::App& app, int& status) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* check = app.add_subcommand(
      "check", "Check a message, or a client and sender alone, as the milter would");
  check
      ->add_option("--config", arguments->config,
                   "Configuration file; without it the defaults hold")
      ->type_name("FILE");
  check->add_option("--ip", arguments->ip, "Address of the client that sent it")->type_name("ADDR");
  check->add_option("--helo", arguments->helo, "Name that the client gave")->type_name("NAME");
  check->add_option("--mail-from", arguments->mail_from, "Envelope sender; '' is the null sender")
      ->type_name("ADDR");
  check->add_option("--rcpt", arguments->recipients, "Envelope recipient; may be repeated")
      ->type_name("ADDR")
      ->allow_extra_args(false);
  check
      ->add_option("--nameserver", arguments->nameservers,
                   "Recursive server to ask; may be repeated")
      ->type_name("ADDR[:PORT]")
      ->allow_extra_args(false);
  check->add_option("--dns-timeout", arguments->dns_timeout, "For one question, over all servers")
      ->type_name("SECONDS")
      ->check(CLI::Range(0.001, longest_timeout));
  check
      ->add_option("--zone", arguments->zone, "Answer from this master file instead of the network")
      ->type_name("FILE");
  check->add_option("--now", arguments->now, "Take this for the present time")
      ->type_name("EPOCH")
      ->check(CLI::Range(std::int64_t{0}, latest_time));
  check->add_option("--authserv-id", arguments->authserv_id, "Name of the authenticating service")
      ->type_name("ID");
  check->add_option("--spf-engine", arguments->spf_engine, "Which SPF engine evaluates")
      ->check(CLI::IsMember({"sekisho", "libspf2"}));
  check->add_option("--format", arguments->format, "How to print what was found")
      ->check(CLI::IsMember({"text", "json"}));
  check->add_option("MESSAGE", arguments->message,
                    "A message in a file; - is standard input; none: SPF and iprev only");
  check->callback([arguments, &status] { status = run(*arguments); });
}

}  // namespace sekisho::tools
