// What the log tells of a message: one list, from which the line, its JSON and the journal's fields
// are made.
#pragma once

#include "checkpoint/verdict.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace sekisho::milter {

struct Fact;
using Facts = std::vector<Fact>;

/// A sentence of ours: blanks may stand in it.
struct Sentence {
  std::string text;
};
/// An address of the envelope, without angle brackets; the line puts them around it.
struct EnvelopeAddress {
  std::string text;
};
/// One list of facts for each signature; the line begins each with the value of its first fact.
using Entries = std::vector<Facts>;

struct Fact {
  std::string_view key;
  /// A text is untrusted: the renderers escape it.
  std::variant<std::string, Sentence, EnvelopeAddress, std::uint64_t, Entries> value;
  std::string_view journal;  ///< Name of the journal's field; empty: the journal has none.
  /// Where set, the line has `under=key`, followed by the facts of each entry or by `why=` and the
  /// sentence: `dkim=signed d=… s=…`.
  std::string_view under;
};

struct MessageFacts {
  std::string queue_id;
  Facts facts;  ///< In the order in which they are shown. Mechanisms that did not run are left out.
};

/// Client, helo, from, the results with their domains, action, reason, and `ms`, the time for which
/// the MTA waited at the end of the message.
[[nodiscard]] MessageFacts message_facts(const checkpoint::Verdict& verdict,
                                         std::chrono::milliseconds waited);
/// The same for a recipient that is refused: client, helo, from, rcpt, what was looked at, action,
/// reason, ms.
[[nodiscard]] MessageFacts recipient_facts(const checkpoint::Verdict& verdict,
                                           std::chrono::milliseconds waited);

}  // namespace sekisho::milter
