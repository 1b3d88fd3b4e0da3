// What setup knows about a host. Values only: gather.hpp fills them, plan.hpp decides by them.
#pragma once

#include "config/options.hpp"
#include "dkim/signing_key.hpp"
#include "dns/answer.hpp"
#include "iprev/iprev.hpp"
#include "keys/publication.hpp"
#include "mail/domain.hpp"
#include "spf/result.hpp"
#include "tools/config/host.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace sekisho::tools::setup {

enum class MailServer : std::uint8_t { none, postfix, sendmail, other };

/// An smtpd of master.cf that listens on a port.
struct Service {
  std::string name;  ///< `submission/inet`, as `postconf -M` and `-P` take it.
  bool is_chrooted = false;
  std::map<std::string, std::string> parameters;  ///< Its options `-o`, as they are written.
};

struct PostfixFacts {
  std::string folder;    ///< Of main.cf and master.cf.
  bool is_usual = true;  ///< The folder is the one that Postfix uses without `-c`.
  std::string version;
  std::map<std::string, std::string> parameters;  ///< Set in main.cf, as they are written.
  std::map<std::string, std::string> values;      ///< Of all that matter here, expanded.
  std::vector<Service> services;
  Postfix wiring;
  bool is_running = false;
};

struct SendmailFacts {
  std::string version;
  std::string host_name;
  bool names_sekisho = false;  ///< /etc/mail/sendmail.mc has a filter with this name.
};

/// A program that does a part of Sekisho's work.
enum class OtherProgram : std::uint8_t { opendkim, opendmarc, rspamd, openarc, unknown };

struct OtherMilter {
  OtherProgram program = OtherProgram::unknown;
  std::string name;  ///< As in smtpd_milters; empty if Postfix does not ask it.
};

/// An address from which the host sends mail.
struct AddressFacts {
  dns::IpAddress address;
  bool is_public = true;
  iprev::Result name;  ///< Not looked up for an address that is not public.
};

enum class Validation : std::uint8_t { validates, does_not_validate, no_answer };

struct ResolverFacts {
  std::vector<std::string> servers;
  Validation validation = Validation::no_answer;
};

/// The TXT records at a name that begin with a version tag, such as `v=spf1`.
struct PublishedText {
  dns::Status status = dns::Status::timeout;
  std::vector<std::string> records;
};

struct KeyFacts {
  dkim::SigningKeyPtr key;
  std::string file;
  bool is_configured = false;  ///< A [[sign]] entry names it.
  keys::PublicationState publication = keys::PublicationState::unknown;
};

struct DomainFacts {
  mail::Domain domain;
  std::vector<KeyFacts> keys;     ///< Of [[sign]] entries, and of the folder of keys.
  std::string unreadable;         ///< Why the keys cannot be read; empty: they can.
  std::string next_rsa_selector;  ///< Of a key that would be made now.
  std::string next_ed25519_selector;
  bool has_mail_exchanger = false;
  PublishedText spf;
  spf::ResultCode spf_result = spf::ResultCode::none;  ///< For the first public address.
  PublishedText dmarc;
  PublishedText tls_reporting;
};

struct ConfigurationFacts {
  std::string file;
  std::string drop_ins;                        ///< The folder conf.d beside it.
  std::map<std::string, std::string> written;  ///< The files there that setup wrote before.
  std::string problem;                         ///< Why it cannot be loaded; empty: it can.
  config::Options options;                     ///< In force; without a problem only.
};

enum class DaemonState : std::uint8_t { running, stopped, unmanaged };

struct Facts {
  MailServer mail_server = MailServer::none;
  std::optional<PostfixFacts> postfix;
  std::string postfix_problem;  ///< Why postconf(1) failed; empty: it did not, or is not there.
  std::optional<SendmailFacts> sendmail;
  std::vector<OtherMilter> others;
  std::vector<std::string> own_names;  ///< That Postfix may have for the socket in force.
  std::string host_name;               ///< That of the mail server or, without one, of the machine.
  std::string mail_domain;  ///< Whose addresses local users have, such as Postfix's mydomain.
  std::vector<AddressFacts> addresses;
  ResolverFacts resolver;
  std::vector<DomainFacts> domains;
  ConfigurationFacts configuration;
  bool has_socket_folder = false;  ///< The folder `sekisho` in the queue of Postfix is there.
  DaemonState daemon = DaemonState::unmanaged;
  std::string key_folder;
};

}  // namespace sekisho::tools::setup
