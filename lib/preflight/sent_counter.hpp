// Counts what our users send, for the receivers whose rules depend on the number of messages.
#pragma once

#include "guarded.hpp"
#include "mail/domain.hpp"
#include "preflight/receivers.hpp"
#include "preflight/recipient_receivers.hpp"
#include "preflight/sent_volume.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace sekisho::preflight {

/// A message that was let out.
struct SentMessage {
  std::string author;                           ///< Organizational domain.
  std::vector<mail::Domain> recipient_domains;  ///< One for each recipient.
};

/// Thread-safe.
class SentCounter {
 public:
  /// Recipients whose receiver is not known yet; beyond these they are not counted.
  static constexpr std::size_t max_waiting = 10'000;

  /// Counts the message. Returns what could be counted now: with recipients of earlier messages
  /// whose receiver has become known, and without those whose receiver has not.
  [[nodiscard]] std::vector<SentCount> count(const SentMessage& message, const ReceiverRules& rules,
                                             dns::Resolver& resolver, std::chrono::sys_seconds now);

  [[nodiscard]] SentVolume& volume() { return volume_; }
  [[nodiscard]] const SentVolume& volume() const { return volume_; }

 private:
  struct Waiting {
    std::string author;
    mail::Domain recipient;
    std::chrono::sys_seconds hour;
  };

  SentVolume volume_;
  RecipientReceivers receivers_;
  Guarded<std::vector<Waiting>> waiting_;
};

/// Returns the organizational domain by the public suffix list: the same whatever the DNS answers.
[[nodiscard]] std::string counted_author(const mail::Domain& author);

}  // namespace sekisho::preflight
