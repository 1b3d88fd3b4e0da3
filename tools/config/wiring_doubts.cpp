#include "tools/config/wiring_doubts.hpp"

#include "config/socket.hpp"
#include "tools/config/milter_names.hpp"

#include <algorithm>
#include <array>
#include <expected>
#include <string_view>
#include <variant>

namespace sekisho::tools {

namespace {

/// As opendkim.conf(5) has it: a path may stand alone, and without a host it is every address.
std::expected<config::Socket, std::string> socket_of(const OpenDkim& opendkim) {
  const std::string& text = opendkim.socket;
  if (text.starts_with('/')) {
    return config::parse_socket("unix:" + text);
  }
  if (!text.contains('@') && text.starts_with("inet")) {
    return config::parse_socket(text + (text.starts_with("inet6") ? "@::" : "@0.0.0.0"));
  }
  return config::parse_socket(text);
}

/// Where its socket cannot be told, any milter beside another is taken for it.
bool asks_opendkim(const Postfix& postfix, const OpenDkim& opendkim) {
  const auto milters = milters_of(postfix);
  const auto socket = socket_of(opendkim);
  if (!socket || std::holds_alternative<config::InheritedSocket>(*socket)) {
    return std::ranges::any_of(milters, [](const auto& each) { return each.size() > 1; });
  }
  const std::vector<std::string> names = names_in_postfix(*socket, postfix);
  return std::ranges::any_of(milters, [&](const auto& each) { return names_one_of(each, names); });
}

// What of a service's own settings, or else of main.cf, holds.
const std::string& in_force(const std::optional<std::string>& own, const std::string& general) {
  return own ? *own : general;
}

bool is_behind_proxy(const SmtpdService& service, const Postfix& postfix) {
  return !in_force(service.proxy_filter, postfix.proxy_filter).empty();
}

// A service that takes mail back from a filter: it listens on loopback, or takes XFORWARD or mail
// from loopback alone.
bool takes_mail_back(const SmtpdService& service, const Postfix& postfix) {
  const std::string& name = service.name;
  const bool is_on_loopback = name.starts_with("127.") || name.starts_with("localhost:") ||
                              name.starts_with("[::1]:") || name.starts_with("::1:");
  return !is_behind_proxy(service, postfix) && (is_on_loopback || service.is_for_filter);
}

bool asks(const SmtpdService& service, const Postfix& postfix,
          const std::vector<std::string>& names) {
  const std::string& overridden = in_force(service.overrides, postfix.receive_override_options);
  return !overridden.contains("no_milters") &&
         names_one_of(service.milters.value_or(postfix.smtpd_milters), names);
}

// By its name, or by its port behind an address.
bool is_for_users(const SmtpdService& service) {
  constexpr std::array<std::string_view, 5> names{"submission", "submissions", "smtps", "587",
                                                  "465"};
  const std::string_view name = service.name;
  return std::ranges::find(names, name.substr(name.rfind(':') + 1)) != names.end();
}

}  // namespace

bool signs(const config::Options& options) {
  const keys::Options& keys = options.signing.keys;
  return !keys.entries.empty() || !keys.key_table.empty() || !keys.signing_table.empty();
}

std::vector<std::string> doubt_opendkim(const config::Options& options, const Host& host) {
  std::vector<std::string> doubts;
  if (!host.opendkim) {
    return doubts;
  }
  if (const auto theirs = socket_of(*host.opendkim);
      theirs && theirs == config::parse_socket(options.socket)) {
    doubts.push_back("socket: OpenDKIM has the same, " + options.socket +
                     ": stop and disable it first");
  }
  if (host.postfix && signs(options) && host.opendkim->mode.contains('s') &&
      asks_opendkim(*host.postfix, *host.opendkim)) {
    doubts.push_back("two milters sign: /etc/opendkim.conf has Mode " + host.opendkim->mode +
                     ", and Postfix asks OpenDKIM, too; take it out of smtpd_milters, or say Mode "
                     "v");
  }
  return doubts;
}

std::vector<std::string> doubt_proxy_filter(const config::Options& options, const Host& host) {
  const auto socket = config::parse_socket(options.socket);
  if (!host.postfix || !socket) {
    return {};
  }
  const Postfix& postfix = *host.postfix;
  const auto proxied = std::ranges::find_if(postfix.smtpd_services, [&](const auto& service) {
    return is_behind_proxy(service, postfix);
  });
  if (proxied == postfix.smtpd_services.end()) {
    return {};
  }
  const std::vector<std::string> names = names_in_postfix(*socket, postfix);
  std::vector<std::string> doubts;
  for (const SmtpdService& service : postfix.smtpd_services) {
    if (takes_mail_back(service, postfix) && asks(service, postfix, names)) {
      doubts.push_back("the smtpd " + service.name +
                       " takes back what the proxy filter of the smtpd " + proxied->name +
                       " (smtpd_proxy_filter) lets through, and asks Sekisho, to which mail from "
                       "outside comes from 127.0.0.1 then; add -o "
                       "receive_override_options=no_milters to it in master.cf");
    }
  }
  return doubts;
}

std::vector<std::string> doubt_submission(const config::Options& options, const Host& host) {
  const auto socket = config::parse_socket(options.socket);
  if (!host.postfix || !socket || options.policy.role == policy::Role::inbound) {
    return {};
  }
  const std::vector<std::string> names = names_in_postfix(*socket, *host.postfix);
  const std::vector<std::string>& daemons = options.signing.origin.daemons;
  std::vector<std::string> doubts;
  for (const SmtpdService& service : host.postfix->smtpd_services) {
    const std::string& name = in_force(service.daemon_name, host.postfix->daemon_name);
    if (is_for_users(service) && asks(service, *host.postfix, names) &&
        std::ranges::find(daemons, name) == daemons.end()) {
      doubts.push_back(
          "users send mail through the smtpd " + service.name +
          ", and nothing tells Sekisho so: mail of a user who has not logged in counts "
          "as mail from outside; run \"postconf -P " +
          service.name + "/inet/milter_macro_daemon_name=" +
          (daemons.empty() ? "ORIGINATING" : daemons.front()) + "\"");
    }
  }
  return doubts;
}

}  // namespace sekisho::tools
