// What is known of every key's publication, for as long as the daemon runs, and whether a key may
// sign.
#pragma once

#include "dkim/signing_key.hpp"
#include "dns/lookups.hpp"
#include "guarded.hpp"
#include "keys/publication.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace sekisho::keys {

/// Whether a key may sign now.
enum class Use : std::uint8_t {
  sign,
  sign_with_warning,  ///< The DNS showed the key once and does not any more.
  withhold,           ///< The DNS says that the key is not there, and never showed it.
};

/// What a round of checks found to be otherwise than before, or, in the first round for a key, that
/// there was no answer: then both states are `unknown`.
struct PublicationChange {
  std::string record_name;
  PublicationState before = PublicationState::unknown;
  PublicationState now = PublicationState::unknown;
  std::string reason;
};

/// Lives as long as the daemon, across reloads. Thread-safe.
///
/// While nothing is known of a key, because the DNS was not asked yet or gave no answer, it signs:
/// it was configured, so it is most likely published, and mail must not go unsigned because a
/// resolver was slow when we started. Were it not published, the signature would count as none (RFC
/// 6376 §6.1). Only the sure word of the DNS, that there is no such record or that it holds
/// something else, withholds a key; and not one that was seen published since we started, because
/// then a zone is likely broken rather than a key never made. An answer that fails changes nothing
/// that is known. What was seen is not kept on disk: after a restart the DNS decides afresh.
class PublicationBoard {
 public:
  /// These keys are in service now: others are forgotten, what is known of these stays, unless
  /// another key came under the same name. Of keys under one name the first counts.
  void enroll(const std::vector<dkim::SigningKeyPtr>& keys);

  /// `require_published` false: every key signs. A key that was not enrolled (its domain could not
  /// be foreseen) is from here on, up to a limit.
  [[nodiscard]] Use use(const dkim::SigningKeyPtr& key, bool require_published);

  /// Whether a key was enrolled that no round has asked for yet.
  [[nodiscard]] bool has_unchecked() const;

  /// Asks for every key, a few hundred at a time, and waits for the answers, each time for
  /// `patience` at most; the limit of `lookups` must be as high as size(). Where none of a few
  /// hundred is answered, or `stop` says so between them, the rest is left to the next round. One
  /// round at a time.
  std::vector<PublicationChange> check_all(
      const dns::Lookups& lookups, std::chrono::milliseconds patience = std::chrono::seconds{10},
      const std::function<bool()>& stop = {});

  [[nodiscard]] std::size_t size() const;
  /// Keys by state, for metrics.
  [[nodiscard]] std::map<PublicationState, std::size_t> counts() const;

 private:
  struct Entry {
    dkim::SigningKeyPtr key;
    Publication publication;
    std::uint64_t asked = 0;  ///< The number of its last question; 0: not asked yet.
    bool was_published = false;
  };
  using Entries = std::map<std::string, Entry>;  // by the record's name

  [[nodiscard]] std::vector<dkim::SigningKeyPtr> keys() const;
  std::optional<PublicationChange> record(const dkim::SigningKeyPtr& key, Publication publication);

  mutable Guarded<Entries> entries_;
  std::uint64_t questions_ = 0;  // of the round, which is one at a time
};

}  // namespace sekisho::keys
