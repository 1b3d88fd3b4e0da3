// DMARC for one message: discovery starts when names become known, evaluation when all results are
// in (RFC 9989 §4.10, §5.3).
#pragma once

#include "dkim/result.hpp"
#include "dmarc/options.hpp"
#include "dmarc/result.hpp"
#include "dns/lookups.hpp"
#include "mail/author.hpp"
#include "mail/domain.hpp"
#include "spf/result.hpp"

#include <memory>
#include <span>

namespace sekisho::dmarc {

/// One message's evaluation. Not thread-safe; the tasks it starts own what they need.
class Evaluation {
 public:
  Evaluation(dns::Lookups lookups, const std::shared_ptr<const Options>& options);
  Evaluation(const Evaluation&) = delete;
  Evaluation& operator=(const Evaluation&) = delete;
  Evaluation(Evaluation&&) noexcept;
  Evaluation& operator=(Evaluation&&) noexcept;
  ~Evaluation();

  /// Starts the look-ups for the author domain: its records, and whether it exists (np=).
  void start_author(const mail::Domain& author_domain);
  /// Starts the walk of an identifier that may come to be authenticated: d= of a signature, the
  /// domain of MAIL FROM or HELO. Equal names cost nothing more, nor does a name that is no likely
  /// relation of the author domain; before start_author() all wait for that.
  void start_identifier(const mail::Domain& domain);

  /// Waits for what is still under way and decides. `spf` is the result that counts for DMARC: MAIL
  /// FROM's, or HELO's where MAIL FROM is empty (RFC 9989 §3.2.4). An author that is not
  /// `single_domain` never passes. `draw` is the message's random number from 0 to 99, for pct=
  /// (RFC 7489 §6.6.4): the policy applies in full where it is below.
  [[nodiscard]] Result finish(const mail::Author& author, const spf::Result& spf,
                              std::span<const dkim::Result> signatures, unsigned draw = 0);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sekisho::dmarc
