// Sealing a message that is passed on (RFC 8617 §5.1).
#pragma once

#include "arc/result.hpp"
#include "dkim/body_hashes.hpp"
#include "dkim/sign_options.hpp"
#include "dkim/signing_key.hpp"
#include "mail/header_field.hpp"

#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace sekisho::arc {

/// One message's seal: construct at the end of the header section, feed the body through `hashes`,
/// then finish(). Not thread-safe.
class Sealer {
 public:
  /// Of `options`, the canonicalisations and the choice of fields are those of our message
  /// signature, which covers the message's DKIM-Signatures too; it never expires, since a chain is
  /// as old as its oldest set. Keeps nothing of `header`.
  Sealer(const mail::HeaderSection& header, dkim::SigningKeyPtr key,
         const dkim::SignOptions& options, std::chrono::sys_seconds now, dkim::BodyHashes& hashes);
  Sealer(Sealer&&) noexcept;
  Sealer& operator=(Sealer&&) noexcept;
  ~Sealer();

  /// The new set, ready to be put on top one after the other: ARC-Authentication-Results,
  /// ARC-Message-Signature, ARC-Seal. `chain` is our own validation: a failed chain is sealed with
  /// cv=fail, over the new set alone (RFC 8617 §5.1.2), and never made good. `results` is the value
  /// of our Authentication-Results; `added` are the fields that go on top of the message before the
  /// set, one after the other, of which the DKIM-Signatures are covered.
  /// Empty where a set may not be added: the chain has 50 sets (RFC 8617 §4.2.1), its last seal
  /// says cv=fail already (§5.1 step 2), or `chain` is not about this header.
  [[nodiscard]] std::vector<mail::HeaderField> finish(
      const dkim::BodyHashes& hashes, const ChainResult& chain, const std::string& results,
      std::span<const mail::HeaderField> added) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sekisho::arc
