// The options of a session: those of its mechanisms, and of what the checkpoint itself decides.
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
#include "preflight/options.hpp"
#include "spf/check_host.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace sekisho::checkpoint {

struct Limits {
  std::size_t header_octets = 1'048'576;  ///< Of the whole header section.
  std::size_t header_fields = 10'000;
  std::size_t addresses = 1'000;   ///< In a From field.
  std::size_t comment_depth = 50;  ///< In address fields.
  std::size_t lookups = 300;       ///< DNS questions of one mechanism for one message.
  std::size_t messages = 5'000;    ///< Under way at a time; more are told to come later.
};

/// Sections [signing] and [[sign]]: whose mail is signed, how, and with which keys.
struct SigningOptions {
  policy::OriginOptions origin;
  dkim::SignOptions signature;
  keys::Options keys;
  std::string login_map;          ///< policy::LoginMap's file; empty: none.
  bool require_published = true;  ///< No signature with a key that the DNS never showed.
};

/// Section [proof]: what tells our own results from others' (authres/proof.hpp).
struct ProofOptions {
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
struct ArcOptions {
  arc::Options validate;
  Seal seal = Seal::never;
  std::string domain;  ///< d= of the seal.
  std::string selector;
  std::string key_file;
  std::vector<mail::Domain> local_domains;
};

struct Options {
  std::string authserv_id;  ///< RFC 8601 §2.5; empty: the host's name.
  std::string host_name;    ///< As gethostname() says; no option. Empty: not known.
  std::chrono::milliseconds message_timeout{
      8'000};                    ///< For all look-ups of a message; below Sendmail's 10 s.
  bool header_comments = false;  ///< Comments in Authentication-Results.
  /// Properties that not every reader of Authentication-Results in use takes: those of
  /// `polrec`, and `arc.chain`.
  bool header_extended = false;
  bool header_login = false;         ///< auth=pass for clients that logged in (RFC 8601 §2.7.4).
  bool header_received_spf = false;  ///< RFC 7208 §9.1
  dns::Options dns;
  spf::Options spf;
  dkim::VerifyOptions dkim;
  ArcOptions arc;
  SigningOptions signing;
  ProofOptions proof;
  dmarc::Options dmarc;
  policy::Options policy;
  preflight::Options preflight;
  Limits limits;
};

/// Fills in what the machine decides where nothing is set: `host_name` becomes the name of the
/// machine, and so does an empty `authserv_id`.
void complete(Options& options);

}  // namespace sekisho::checkpoint
