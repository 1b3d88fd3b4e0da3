// Which receiver takes the mail of a recipient's domain.
#pragma once

#include "dns/resolver.hpp"
#include "guarded.hpp"
#include "mail/domain.hpp"
#include "preflight/receivers.hpp"

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>

namespace sekisho::preflight {

/// Finds receivers by the domains of the rules and, for other domains, by the suffix of their mail
/// hosts. Each of those is asked for once a day, a few in a second at most. Never waits.
/// Thread-safe.
class RecipientReceivers {
 public:
  static constexpr std::size_t max_domains = 100'000;  ///< Remembered; the oldest go first.
  static constexpr std::size_t max_questions = 5;      ///< In a second.

  /// Returns the name of the receiver, "" if the rules have none for the domain, and nullopt while
  /// that is not known yet: ask again later.
  [[nodiscard]] std::optional<std::string> find(const mail::Domain& domain,
                                                const ReceiverRules& rules, dns::Resolver& resolver,
                                                std::chrono::sys_seconds now);

 private:
  struct Entry {
    std::optional<dns::Pending<dns::Answer>> question;
    std::string receiver;
    std::chrono::sys_seconds expires;
  };
  struct State {
    std::map<std::string, Entry> domains;
    std::chrono::sys_seconds second;
    std::size_t asked = 0;  ///< In this second.
  };
  [[nodiscard]] static Entry* ask(State& state, const mail::Domain& domain, dns::Resolver& resolver,
                                  std::chrono::sys_seconds now);

  Guarded<State> state_;
};

}  // namespace sekisho::preflight
