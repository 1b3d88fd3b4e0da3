#include "tools/check/check_session.hpp"

#include "dns/ip_address.hpp"
#include "mail/address.hpp"
#include "mail/ascii.hpp"
#include "tools/cli/configuration.hpp"
#include "tools/cli/now_option.hpp"

#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>

namespace sekisho::tools {

namespace {

std::expected<config::Options, Refusal> load_options(const SessionArguments& arguments) {
  config::Options options;
  if (!arguments.config.empty()) {
    auto loaded = load_configuration(arguments.config);
    if (!loaded) {
      return loaded;
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

// --dns-timeout holds for one question; the message has as much time at least.
void apply_timeout(double seconds, config::Options& options) {
  if (seconds > 0) {
    const std::chrono::milliseconds timeout(static_cast<std::int64_t>(seconds * 1000));
    options.dns.timeout = timeout;
    options.dns.attempt_timeout = std::min(options.dns.attempt_timeout, timeout);
    options.message_timeout = std::max(options.message_timeout, timeout);
  }
}

std::expected<std::shared_ptr<const checkpoint::Services>, Refusal> open_services(
    const SessionArguments& arguments) {
  auto options = load_options(arguments);
  if (!options) {
    return std::unexpected(options.error());
  }
  apply_timeout(arguments.dns_timeout, *options);
  auto resolver = open_resolver(arguments.dns, options->dns);
  if (!resolver) {
    return std::unexpected(resolver.error());
  }
  auto services = checkpoint::open_services(std::move(*options), std::move(*resolver));
  services->explain = arguments.explain;
  services->proof_keys = nullptr;     // nobody could check what a key of this process proves
  services->all_from_outside = true;  // who gives no address is not to pass for a local client
  if (arguments.now) {
    services->now = [present = present_time(arguments.now)] { return present; };
  }
  return services;
}

// MTAs take more than RFC 5321 knows for a path, and what they take is to be checked. A blank ends
// it, and a control character is in none.
bool can_be_a_path(std::string_view text) {
  return mail::parse_path(text) ||
         std::ranges::none_of(text, [](char c) { return c == ' ' || mail::is_control(c); });
}

}  // namespace

void add_session_options(Command& command, SessionArguments& arguments) {
  constexpr Range<double> timeouts{0.001, 3'600};  // seconds
  command.option("--config FILE", arguments.config,
                 "Configuration file; default: none, all options have their defaults");
  command.option("--ip ADDR", arguments.ip, "Address of the client that sent it");
  command.option("--helo NAME", arguments.helo, "Name that the client gave in HELO or EHLO");
  command.option("--mail-from ADDR", arguments.mail_from, "Envelope sender; '' is the null sender");
  command.choice("--tls VERSION", arguments.tls, {"none", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"},
                 "TLS version of the client's connection");
  add_dns_options(command, arguments.dns);
  command.number("--dns-timeout SECONDS", arguments.dns_timeout, timeouts,
                 "Time limit for one question, including all servers");
  add_now_option(command, arguments.now);
  command.option("--authserv-id ID", arguments.authserv_id, "Name of the authenticating service");
  command.choice("--spf-engine", arguments.spf_engine, {"sekisho", "libspf2"},
                 "SPF implementation");
}

std::expected<CheckSession, Refusal> open_check_session(const SessionArguments& arguments) {
  const auto client = dns::IpAddress::parse(arguments.ip);
  if (!arguments.ip.empty() && !client) {
    return std::unexpected(
        Refusal{exit_usage, "--ip " + arguments.ip + ": not an IPv4 or IPv6 address"});
  }
  if (!can_be_a_path(arguments.mail_from)) {
    return std::unexpected(
        Refusal{exit_usage, "--mail-from " + arguments.mail_from +
                                ": not an address such as ann@example.org, nor empty"});
  }
  const auto services = open_services(arguments);
  if (!services) {
    return std::unexpected(services.error());
  }
  checkpoint::Session session(*services);
  session.connect(client);
  session.helo(arguments.helo);
  session.encrypt({.version = tls::parse_version(arguments.tls)});
  session.mail(arguments.mail_from);
  return CheckSession{*services, std::move(session)};
}

}  // namespace sekisho::tools
