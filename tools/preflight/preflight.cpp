#include "checkpoint/options.hpp"
#include "keys/key_ring.hpp"
#include "policy/indirect.hpp"
#include "preflight/examination.hpp"
#include "tools/cli/configuration.hpp"
#include "tools/cli/dns_options.hpp"
#include "tools/cli/message_file.hpp"
#include "tools/cli/now_option.hpp"
#include "tools/cli/refusal.hpp"
#include "tools/cli/subcommands.hpp"
#include "tools/preflight/sent_by_store.hpp"
#include "tools/preflight/shown_report.hpp"
#include "tools/sign/signing_plan.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <expected>
#include <iostream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <unistd.h>

namespace sekisho::tools {

namespace {

struct Arguments {
  std::string config;
  std::vector<std::string> addresses;
  std::string helo;
  std::optional<std::string> mail_from;
  std::vector<std::string> recipients;
  std::vector<std::string> receivers;
  bool bulk = false;
  bool no_bulk = false;
  bool smtputf8 = false;
  bool sign = false;
  bool domain = false;
  bool post_unsubscribe = false;
  bool allow_private = false;
  std::string authorities;
  std::string fail_on = "error";
  std::string rules;
  DnsArguments dns;
  std::optional<std::int64_t> now;
  std::string format = "text";
  std::string message;
};

/// What the arguments name, read.
struct Inputs {
  config::Options options;
  preflight::ReceiverRules rules;
  preflight::Environment environment;
  preflight::Request request;
  std::vector<mail::HeaderField> signatures;  ///< That go on top, in this order.
};

std::unexpected<Refusal> refuse(int status, std::string message) {
  return std::unexpected(Refusal{status, std::move(message)});
}

std::expected<config::Options, Refusal> read_options(const Arguments& arguments) {
  if (!arguments.config.empty()) {
    return load_configuration(arguments.config);
  }
  if (arguments.sign) {
    return refuse(exit_usage, "--sign needs --config");
  }
  config::Options options;
  checkpoint::complete(options);
  return options;
}

std::expected<std::vector<dns::IpAddress>, Refusal> read_addresses(const Arguments& arguments,
                                                                   const config::Options& options) {
  std::vector<dns::IpAddress> addresses;
  const auto& texts =
      arguments.addresses.empty() ? options.preflight.outbound_addresses : arguments.addresses;
  for (const std::string& text : texts) {
    const auto address = dns::IpAddress::parse(text);
    if (!address) {
      return refuse(exit_usage, "--ip " + text + ": not an IPv4 or IPv6 address");
    }
    addresses.push_back(*address);
  }
  if (addresses.size() > preflight::max_addresses) {
    return refuse(exit_usage,
                  "--ip: more than " + std::to_string(preflight::max_addresses) + " addresses");
  }
  return addresses;
}

/// A path as MAIL and RCPT have it, without its angle brackets.
std::string bare_path(std::string path) {
  if (path.starts_with('<') && path.ends_with('>')) {
    return path.substr(1, path.size() - 2);
  }
  return path;
}

std::expected<void, Refusal> read_request(const Arguments& arguments, Inputs& inputs) {
  preflight::Request& request = inputs.request;
  const config::Options& options = inputs.options;
  auto addresses = read_addresses(arguments, options);
  if (!addresses) {
    return std::unexpected(addresses.error());
  }
  request.envelope.addresses = *std::move(addresses);
  request.envelope.helo = arguments.helo.empty() ? options.preflight.helo : arguments.helo;
  request.envelope.smtputf8 = arguments.smtputf8;
  if (arguments.mail_from) {
    request.envelope.sender = bare_path(*arguments.mail_from);
  }
  std::ranges::transform(arguments.recipients, std::back_inserter(request.envelope.recipients),
                         bare_path);
  request.header_octets = inputs.options.limits.header_octets;
  request.header_fields = inputs.options.limits.header_fields;
  request.is_bulk_sender = arguments.bulk;
  if (!arguments.bulk && !arguments.no_bulk) {
    request.sent_before = sent_by_store(options, present_time(arguments.now));
  }
  request.is_indirect = [](const mail::HeaderSection& header) {
    return policy::find_signs(header).header != policy::IndirectSign::none;
  };
  auto chosen = preflight::choose_receivers(
      inputs.rules, arguments.receivers.empty() ? options.preflight.receivers : arguments.receivers,
      request.envelope.recipients);
  if (!chosen) {
    return refuse(exit_usage, "--as " + chosen.error() + ": the rules have no such receiver");
  }
  request.receivers.names = *std::move(chosen);
  return {};
}

std::expected<void, Refusal> read_environment(const Arguments& arguments, Inputs& inputs) {
  auto resolver = open_resolver(arguments.dns, inputs.options.dns);
  if (!resolver) {
    return std::unexpected(resolver.error());
  }
  const config::Options& options = inputs.options;
  inputs.environment = {
      .resolver = *std::move(resolver),
      .key_records = std::make_shared<dkim::KeyRecordCache>(options.dkim.max_rsa_bits),
      .dkim = options.dkim,
      .spf = options.spf,
      .dmarc = std::make_shared<const dmarc::Options>(options.dmarc),
      .timeout = options.message_timeout,
      .lookups = options.limits.lookups,
      .now = present_time(arguments.now),
      .receiver = options.authserv_id};
  return {};
}

std::expected<void, Refusal> read_keys(const Arguments& arguments, Inputs& inputs) {
  if (arguments.config.empty()) {
    return {};
  }
  auto keys = load_keys(inputs.options, "preflight");
  if (!keys) {
    return std::unexpected(keys.error());
  }
  inputs.request.has_own_key = [keys = *std::move(keys)](const mail::Domain& domain) {
    return !keys->find({"postmaster", domain.text(), domain}).empty();
  };
  return {};
}

std::expected<void, Refusal> sign_first(const Arguments& arguments, Inputs& inputs,
                                        MessageFile& message) {
  if (!arguments.sign) {
    return {};
  }
  const auto plan = plan_with_configured_keys(inputs.options, "preflight");
  if (!plan) {
    return std::unexpected(plan.error());
  }
  auto fields = sign_message(*plan, inputs.environment.now, "preflight", message);
  if (!fields) {
    return std::unexpected(fields.error());
  }
  inputs.signatures = *std::move(fields);
  return {};
}

std::expected<Inputs, Refusal> read_inputs(const Arguments& arguments, MessageFile& message) {
  Inputs inputs;
  auto options = read_options(arguments);
  if (!options) {
    return std::unexpected(options.error());
  }
  inputs.options = *std::move(options);
  auto rules = preflight::load_receiver_rules(
      arguments.rules.empty() ? inputs.options.preflight.rules : arguments.rules);
  if (!rules) {
    return refuse(exit_failure, std::move(rules).error());
  }
  inputs.rules = *std::move(rules);
  auto done = read_environment(arguments, inputs);
  if (done) {
    done = read_request(arguments, inputs);
  }
  if (done) {
    done = read_keys(arguments, inputs);
  }
  if (done) {
    done = sign_first(arguments, inputs, message);
  }
  if (!done) {
    return std::unexpected(done.error());
  }
  return inputs;
}

// Nothing is connected to with --zone. The URL is called only if the user wants it called, and is
// told first whom that takes off the list (RFC 8058 §3.2).
std::optional<UnsubscribeAnswer> ask_unsubscribe_host(
    const Arguments& arguments, const std::shared_ptr<dns::Resolver>& resolver,
    const std::vector<std::string>& recipients, const std::string& uri) {
  constexpr std::chrono::seconds patience{20};
  if (uri.empty() && arguments.post_unsubscribe) {
    std::cerr << "sekisho preflight: no URL is called: the message has none for one click\n";
  }
  if (uri.empty() || !arguments.dns.zone.empty()) {
    return std::nullopt;
  }
  const dns::Lookups lookups(
      resolver, {.deadline = std::chrono::steady_clock::now() + patience, .limit = 20});
  const fetch::Options options{.timeout = patience,
                               .allow_private = arguments.allow_private,
                               .authorities = arguments.authorities};
  if (!arguments.post_unsubscribe) {
    return look_at_unsubscribe_host(lookups, uri, options);
  }
  std::cerr << "sekisho preflight: calling " << preflight::printable(uri, 200) << ", which takes "
            << (recipients.empty() ? "the recipient of this message"
                                   : preflight::printable(recipients.front()))
            << " off the list\n";
  return post_unsubscribe(lookups, uri, options);
}

std::vector<NamedSelector> selectors_of(MessageFile& message,
                                        const std::vector<mail::HeaderField>& signatures) {
  std::vector<NamedSelector> selectors = selectors_of_header(signatures);
  message.read(
      {},
      [&](const mail::HeaderSection& header) {
        std::ranges::move(selectors_of_header(header), std::back_inserter(selectors));
      },
      [](std::string_view) {});
  return selectors;
}

std::expected<ShownPreflight, Refusal> examine(const Arguments& arguments) {
  if (arguments.post_unsubscribe && !arguments.dns.zone.empty()) {
    return refuse(exit_usage, "--post-unsubscribe connects to a server, --zone does not");
  }
  if (arguments.bulk && arguments.no_bulk) {
    return refuse(exit_usage, "--bulk and --no-bulk exclude each other");
  }
  auto message = MessageFile::open(arguments.message);
  if (!message) {
    return std::unexpected(message.error());
  }
  auto inputs = read_inputs(arguments, *message);
  if (!inputs) {
    return std::unexpected(inputs.error());
  }
  const std::shared_ptr<dns::Resolver> resolver = inputs->environment.resolver;
  preflight::Examination examination(std::move(inputs->environment), inputs->request,
                                     inputs->rules);
  const auto given =
      message->give(inputs->signatures, [&](std::string_view chunk) { examination.add(chunk); });
  if (!given) {
    return std::unexpected(given.error());
  }
  const bool is_standard_input = arguments.message.empty() || arguments.message == "-";
  ShownPreflight shown{.report = examination.finish(),
                       .message = is_standard_input ? "standard input" : arguments.message,
                       .recipients = inputs->request.envelope.recipients,
                       .is_signed_here = !inputs->signatures.empty()};
  if (arguments.domain && shown.report.author) {
    const preflight::Envelope& envelope = inputs->request.envelope;
    shown.domain = check_author_domain({.author = *shown.report.author,
                                        .selectors = selectors_of(*message, inputs->signatures),
                                        .addresses = envelope.addresses,
                                        .helo = envelope.helo},
                                       inputs->options, resolver, present_time(arguments.now));
  }
  shown.unsubscribe =
      ask_unsubscribe_host(arguments, resolver, shown.recipients, shown.report.unsubscribe_uri);
  if (shown.unsubscribe) {
    add_unsubscribe_answer(*shown.unsubscribe, shown.report);
  }
  return shown;
}

bool is_at_fault(const preflight::Report& report, const std::string& fail_on) {
  return has_level(report, fail_on == "error"     ? preflight::Level::error
                           : fail_on == "warning" ? preflight::Level::warning
                                                  : preflight::Level::advice);
}

bool is_at_fault(const DomainRun& run, const std::string& fail_on) {
  Selection selection = checks_of_sending();
  selection.all = true;
  return std::ranges::any_of(
      select(run.report, selection).findings, [&](const domain_check::Finding& finding) {
        return finding.level == domain_check::Level::error || fail_on == "advice" ||
               (fail_on == "warning" && finding.level == domain_check::Level::warning);
      });
}

int run(const Arguments& arguments) {
  const auto shown = examine(arguments);
  if (!shown) {
    return complain("preflight", shown.error());
  }
  std::cout << (arguments.format == "json"
                    ? format_preflight_json(*shown)
                    : format_preflight_text(*shown, isatty(STDOUT_FILENO) != 0));
  if (!std::cout.flush()) {
    return complain("preflight", {exit_failure, "the output cannot be written"});
  }
  return is_at_fault(shown->report, arguments.fail_on) ||
                 (shown->domain && is_at_fault(*shown->domain, arguments.fail_on))
             ? exit_findings
             : exit_success;
}

}  // namespace

void add_preflight(Command& sekisho) {
  Command preflight = sekisho.command(
      "preflight", "Check a message before it is sent: what large receivers would answer");
  Arguments& arguments = preflight.runs(run);
  preflight.option("--config FILE", arguments.config,
                   "Configuration file; its keys tell which authors are ours");
  preflight.option("--ip ADDR", arguments.addresses,
                   "Address that the message will leave from; may be repeated");
  preflight.option("--helo NAME", arguments.helo, "Name that will be given in HELO or EHLO");
  preflight.option("--mail-from ADDR", arguments.mail_from,
                   "Envelope sender; default: the author; '' is the null sender");
  preflight.option("--rcpt ADDR", arguments.recipients, "Envelope recipient; may be repeated");
  preflight.option("--as RECEIVER", arguments.receivers,
                   "Judge as this receiver, or as all; may be repeated");
  preflight.flag("--bulk", arguments.bulk, "Judge the sender as a bulk sender");
  preflight.flag("--no-bulk", arguments.no_bulk,
                 "Do not judge the sender as a bulk sender, whatever the store has counted");
  preflight.flag("--smtputf8", arguments.smtputf8, "The envelope will have SMTPUTF8");
  preflight.flag("--sign", arguments.sign,
                 "Sign the message first, with the keys of the configuration");
  preflight.flag("--domain", arguments.domain,
                 "Also check the records of the author's domain, as sekisho domain check does");
  preflight.flag("--post-unsubscribe", arguments.post_unsubscribe,
                 "Call the one-click URL: this takes the recipient off the list");
  preflight.flag("--allow-private", arguments.allow_private,
                 "Also connect to addresses that are not public");
  preflight.option("--authorities FILE", arguments.authorities,
                   "Certificates of authorities to trust instead of those of the system");
  preflight.choice("--fail-on", arguments.fail_on, {"error", "warning", "advice"},
                   "Least level of findings for exit status 3");
  preflight.option("--rules FILE", arguments.rules,
                   "Rules of the receivers; default: the installed file");
  add_dns_options(preflight, arguments.dns);
  add_now_option(preflight, arguments.now);
  preflight.choice("--format", arguments.format, {"text", "json"}, "Output format");
  preflight.argument("MESSAGE", arguments.message,
                     "File with a message; without it, or with -, standard input");
}

}  // namespace sekisho::tools
