// The DNS questions of one message: one deadline, and a limit for each mechanism.
#pragma once

#include "checkpoint/services.hpp"
#include "dns/lookups.hpp"

namespace sekisho::checkpoint {

/// What one mechanism asks must not leave another without an answer: else a sender could write an
/// SPF record that uses up all look-ups before DMARC has its record, and so buy a temporary error
/// where his message is to be refused.
struct MessageLookups {
  explicit MessageLookups(const Services& services);

  /// The message's time begins anew.
  void restart_time(const Services& services) const;

  dns::Lookups spf;
  dns::Lookups dkim;
  dns::Lookups arc;
  dns::Lookups dmarc;
};

/// For one mechanism, with the whole time of a message.
[[nodiscard]] dns::Lookups open_lookups(const Services& services);

}  // namespace sekisho::checkpoint
