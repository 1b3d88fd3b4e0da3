// What a session borrows for its whole life. A reload builds a new one and swaps a pointer;
// sessions under way keep theirs.
#pragma once

#include "checkpoint/good_clients.hpp"
#include "checkpoint/options.hpp"
#include "checkpoint/signing_services.hpp"
#include "dkim/key_record_cache.hpp"
#include "dns/network.hpp"
#include "dns/resolver.hpp"
#include "keys/proof_keys.hpp"
#include "preflight/sent_counter.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

namespace sekisho::checkpoint {

using Clock = std::function<std::chrono::sys_seconds()>;

/// Immutable once it is shared.
struct Services {
  Options options;
  std::shared_ptr<dns::Resolver> resolver;
  std::shared_ptr<dkim::KeyRecordCache> key_records;  ///< What was read for earlier messages.
  std::shared_ptr<GoodClients> good_clients;          ///< Whose mail was good lately.
  std::shared_ptr<preflight::SentCounter> sent;       ///< By our users, to large receivers.
  Clock now;  ///< For `t=`, `x=` and reports; deadlines run on the steady clock.
  std::function<unsigned()>
      draw;  ///< 0 to 99 at random: the messages that `pct=` picks (RFC 7489 §6.6.4).
  SigningServices signing;  ///< Empty: nothing is signed or sealed.
  std::shared_ptr<const keys::ProofKeys>
      proof_keys;                    ///< For our own fields; null: they are not proved.
  std::vector<dns::Network> inside;  ///< internal_networks and the addresses of this host.
  bool all_from_outside = false;     ///< Verify every message, whoever sent it.
  bool keep_headers = false;         ///< Verdict::header of messages from outside, for reports.
  bool explain = false;              ///< Keep every look-up of a message, with its times.
};

/// The services that `options` ask for: the system's clock, and `resolver` or, where that is null,
/// the network's. An empty authserv-id becomes the name of this host. Proofs are made with a key of
/// this process alone.
[[nodiscard]] std::shared_ptr<Services> open_services(
    Options options, std::shared_ptr<dns::Resolver> resolver = nullptr);
/// The same as a value, for who adds to it.
[[nodiscard]] Services make_services(Options options,
                                     std::shared_ptr<dns::Resolver> resolver = nullptr);

}  // namespace sekisho::checkpoint
