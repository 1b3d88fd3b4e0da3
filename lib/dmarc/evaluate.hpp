// DMARC for one message: discovery starts when names become known, evaluation when all results are
// in (RFC 9989 §4.10, §5.3).
#pragma once

#include "dkim/result.hpp"
#include "dmarc/result.hpp"
#include "dns/lookups.hpp"
#include "dns/task.hpp"
#include "mail/author.hpp"
#include "mail/domain.hpp"
#include "spf/result.hpp"

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <span>

namespace sekisho::dmarc {

enum class Discovery : std::uint8_t { treewalk, psl };

/// Section [dmarc] of the configuration.
struct Options {
  Discovery discovery =
      Discovery::treewalk;         ///< psl: RFC 7489's way, with the public suffix list and pct=.
  std::string public_suffix_list;  ///< File; empty: the one libpsl knows.
};

/// One message's evaluation. Not thread-safe; the tasks it starts own what they need.
class Evaluation {
 public:
  Evaluation(dns::Lookups lookups, std::shared_ptr<const Options> options);
  Evaluation(Evaluation&&) noexcept;
  Evaluation& operator=(Evaluation&&) noexcept;
  ~Evaluation();

  /// Starts the look-ups for the author domain: its records, and whether it exists (np=).
  void start_author(const mail::Domain& author_domain);
  /// Starts the walk of an identifier that may come to be authenticated: d= of a signature, the
  /// domain of MAIL FROM or HELO. Equal names cost nothing more.
  void start_identifier(const mail::Domain& domain);

  /// Waits for what is still under way and decides. `spf` is the result that counts for DMARC: MAIL
  /// FROM's, or HELO's where MAIL FROM is empty (RFC 9989 §4.1). An author that is not
  /// `single_domain` never passes.
  [[nodiscard]] Result finish(const mail::Author& author, const spf::Result& spf,
                              std::span<const dkim::Result> signatures);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sekisho::dmarc
