// The hooks of a mechanism that verifies a message.
#pragma once

#include "checkpoint/verdict.hpp"
#include "dkim/body_hashes.hpp"
#include "findings/findings.hpp"
#include "mail/domain.hpp"
#include "mail/header_field.hpp"

#include <vector>

namespace sekisho::checkpoint {

/// What a mechanism is shown at the end of the header section.
struct HeaderEvent {
  const mail::HeaderSection& header;
  bool is_whole = true;  ///< False: fields beyond the limits are missing.
  const findings::Findings& known;
  /// For requests. The body passes here only, so that a chunk costs no call for each mechanism.
  dkim::BodyHashes& body;
  /// d= of signatures that may come to pass: DKIM adds them, DMARC asks ahead for their records.
  std::vector<mail::Domain>& signing_domains;
};

/// One mechanism for one message. envelope() and header() start look-ups and do not wait;
/// recipient() and end() wait for them, and put results into the findings. A hook that a mechanism
/// has no use for does nothing. Not thread-safe.
class Mechanism {
 public:
  Mechanism() = default;
  Mechanism(const Mechanism&) = delete;
  Mechanism& operator=(const Mechanism&) = delete;
  Mechanism(Mechanism&&) = delete;
  Mechanism& operator=(Mechanism&&) = delete;
  virtual ~Mechanism() = default;

  /// For the line about a fault.
  [[nodiscard]] virtual const char* name() const = 0;

  /// At the first recipient, for a client from outside that has an address.
  virtual void envelope(const findings::Findings& /*known*/) {}
  /// Waits for results by which a recipient may be refused.
  virtual void recipient(findings::Findings& /*findings*/) {}
  virtual void header(const HeaderEvent& /*event*/) {}
  /// Waits for the result. Also called for an envelope that has no message; `body` is finished.
  virtual void end(findings::Findings& findings, const dkim::BodyHashes& body) = 0;

  virtual void explain(std::vector<ExplainedLookup>& explained) const = 0;
};

}  // namespace sekisho::checkpoint
