// Every option of Sekisho as one typed value. The rooms declare their own options and defaults;
// this puts them together.
#pragma once

#include "arc/validator.hpp"
#include "dkim/signer.hpp"
#include "dkim/verifier.hpp"
#include "dmarc/evaluate.hpp"
#include "dns/stub_resolver.hpp"
#include "keys/key_ring.hpp"
#include "mail/domain.hpp"
#include "policy/options.hpp"
#include "policy/origin.hpp"
#include "report/aggregate_sender/options.hpp"
#include "report/failure/options.hpp"
#include "report/recorder/options.hpp"
#include "spf/check_host.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace sekisho::config {

struct Limits {
  std::size_t header_octets = 1'048'576;  ///< Of the whole header section.
  std::size_t header_fields = 10'000;
  std::size_t addresses = 1'000;   ///< In a From field.
  std::size_t comment_depth = 50;  ///< In address fields.
  std::size_t lookups = 300;       ///< DNS questions of one mechanism for one message.
  std::size_t messages = 5'000;    ///< Under way at a time; more are told to come later.
};

enum class LogTarget { standard_error, syslog };
enum class LogFormat { text, json };

/// Section [metrics].
struct Metrics {
  std::string listen;         ///< As parse_address_and_port() reads it; empty: nowhere.
  bool allow_remote = false;  ///< `listen` need not be a loopback address.
};

/// Section [control].
struct Control {
  std::string socket;  ///< `unix:PATH`; empty: nowhere.
};

/// Sections [signing] and [[sign]]: whose mail is signed, how, and with which keys.
struct Signing {
  policy::OriginOptions origin;
  dkim::SignOptions signature;
  keys::Options keys;
  std::string login_map;          ///< policy::LoginMap's file; empty: none.
  bool require_published = true;  ///< No signature with a key that the DNS never showed.
};

/// Section [proof]: what tells our own results from others' (authres/proof.hpp).
struct Proof {
  /// keys::ProofKeys; made where it is missing. Empty: a key of the process alone.
  std::string key_file = "/var/lib/sekisho/proof.key";
  std::chrono::seconds lifetime = std::chrono::days{30};  ///< A moderated list may take weeks.
};

/// Which messages from outside are sealed (RFC 8617 §5.1).
enum class Seal {
  never,
  forwarded,  ///< When a recipient is not in one of `local_domains`: the message goes on from here.
  always,
};

/// Section [arc].
struct Arc {
  arc::Options validate;
  Seal seal = Seal::never;
  std::string domain;  ///< d= of the seal.
  std::string selector;
  std::string key_file;
  std::vector<mail::Domain> local_domains;
};

struct Options {
  /// `unix:PATH`, `inet:PORT@HOST`, `inet6:PORT@HOST`, `fd:N`; the daemon needs it.
  std::string socket;
  std::string socket_owner;  ///< Of a unix socket; empty: `user`, or who started the daemon.
  std::string socket_group;  ///< Empty: the folder's where it is set-group-ID, or the daemon's.
  std::string socket_mode = "0660";  ///< As parse_permissions() reads it.
  std::string user;         ///< Whom the daemon becomes when root started it; empty: stays.
  std::string authserv_id;  ///< RFC 8601 §2.5; empty: the host's name.
  std::string host_name;    ///< As gethostname() says; no option. Empty: not known.
  LogTarget log_target = LogTarget::standard_error;
  LogFormat log_format = LogFormat::text;
  std::chrono::milliseconds message_timeout{
      8'000};  ///< For all look-ups of a message; below Sendmail's 10 s.
  std::chrono::milliseconds stop_timeout{30'000};  ///< For messages under way when told to stop.
  bool header_comments = false;                    ///< Comments in Authentication-Results.
  /// Properties that not every reader of Authentication-Results in use takes: `polrec.*`,
  /// `arc.chain`.
  bool header_extended = false;
  bool header_login = false;         ///< auth=pass for clients that logged in (RFC 8601 §2.7.4).
  bool header_received_spf = false;  ///< RFC 7208 §9.1
  dns::Options dns;
  spf::Options spf;
  dkim::VerifyOptions dkim;
  Arc arc;
  Signing signing;
  Proof proof;
  dmarc::Options dmarc;
  policy::Options policy;
  report::failure::FailureOptions failure;
  report::recorder::RecorderOptions feedback;
  report::aggregate_sender::SendOptions report;
  Limits limits;
  Metrics metrics;
  Control control;
};

}  // namespace sekisho::config
