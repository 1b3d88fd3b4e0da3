// Hosts as setup would find them.
#pragma once

#include "tools/cli/command_runner.hpp"
#include "tools/setup/facts.hpp"
#include "tools/setup/postfix_facts.hpp"

#include <memory>
#include <string>

namespace sekisho::tools::setup {

/// What postconf(1) prints on a fresh Debian.
struct Postconf {
  std::string milters;  ///< smtpd_milters, also in main.cf if not empty.
  std::string main = "myhostname = mx.example.org\n";  ///< More that `-n` prints.
  std::string services = "smtp       inet  n       -       y       -       -       smtpd\n";
  std::string service_parameters = {};
  std::string more_values = {};  ///< What `-x` prints beside the usual.
  std::string version = "3.7.11";
};

inline CommandRunner runner_for(const Postconf& postconf) {
  return [postconf](const Words& command) -> CommandResult {
    const std::string& option = command.size() > 1 ? command[1] : command.front();
    if (command.front() == "postfix") {
      return {option == "status" ? 0 : 1, "", ""};
    }
    if (command.front() != "postconf") {
      return {};
    }
    if (option == "-x") {
      return {0,
              "config_directory = /etc/postfix\nmail_version = " + postconf.version +
                  "\nmyhostname = mx.example.org\nmydomain = example.org\n"
                  "queue_directory = /var/spool/postfix\nsmtpd_milters = " +
                  postconf.milters +
                  "\nnon_smtpd_milters =\nmilter_default_action = tempfail\nmilter_protocol = 6\n" +
                  postconf.more_values,
              ""};
    }
    if (option == "-n") {
      return {0,
              postconf.main +
                  (postconf.milters.empty() ? "" : "smtpd_milters = " + postconf.milters + "\n"),
              ""};
    }
    return {0, option == "-M" ? postconf.services : postconf.service_parameters, ""};
  };
}

inline PostfixFacts postfix_facts(const Postconf& postconf = {}) {
  return *gather_postfix(runner_for(postconf), "");
}

inline AddressFacts public_address(iprev::ResultCode code = iprev::ResultCode::pass,
                                   const std::string& name = "mx.example.org") {
  return {*dns::IpAddress::parse("192.0.2.10"), true,
          iprev::Result{.code = code, .name = name, .reason = "no PTR record", .fault = {}}};
}

inline DomainFacts domain_facts(const std::string& name = "example.org") {
  DomainFacts domain{.domain = *mail::Domain::parse(name)};
  domain.next_rsa_selector = "202612-rsa";
  domain.next_ed25519_selector = "202612-ed25519";
  for (PublishedText* const text : {&domain.spf, &domain.dmarc, &domain.tls_reporting}) {
    text->status = dns::Status::no_such_name;
  }
  return domain;
}

/// Sekisho as the package installs it, beside this Postfix.
inline Facts host_facts(const Postconf& postconf = {}) {
  Facts facts;
  facts.mail_server = MailServer::postfix;
  facts.postfix = postfix_facts(postconf);
  facts.host_name = "mx.example.org";
  facts.mail_domain = "example.org";
  facts.addresses = {public_address()};
  facts.resolver = {{"127.0.0.1"}, Validation::validates};
  facts.domains = {domain_facts()};
  facts.configuration.file = "/etc/sekisho/sekisho.toml";
  facts.configuration.drop_ins = "/etc/sekisho/conf.d";
  facts.configuration.options.socket = "inet:8891@127.0.0.1";
  facts.configuration.options.authserv_id = "mx.example.org";
  facts.own_names = {"inet:127.0.0.1:8891", "inet:localhost:8891"};
  facts.has_socket_folder = true;
  facts.daemon = DaemonState::running;
  facts.key_folder = "/etc/sekisho/keys";
  return facts;
}

inline KeyFacts key_facts(crypto::KeyType type, bool is_configured,
                          keys::PublicationState publication = keys::PublicationState::missing) {
  static const crypto::PrivateKey rsa = crypto::PrivateKey::generate(crypto::KeyType::rsa, 1024);
  static const crypto::PrivateKey ed25519 = crypto::PrivateKey::generate(crypto::KeyType::ed25519);
  const std::string selector = type == crypto::KeyType::rsa ? "r" : "e";
  return {std::make_shared<const dkim::SigningKey>(
              dkim::SigningKey{*mail::Domain::parse("example.org"), selector,
                               type == crypto::KeyType::rsa ? rsa : ed25519}),
          "/etc/sekisho/keys/example.org/" + selector + ".pem", is_configured, publication};
}

}  // namespace sekisho::tools::setup
