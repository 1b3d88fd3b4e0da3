// Our signatures (RFC 6376 §5) and our ARC set (RFC 8617 §5.1) on a message.
#pragma once

#include "arc/result.hpp"
#include "arc/sealer.hpp"
#include "checkpoint/provenance.hpp"
#include "checkpoint/services.hpp"
#include "dkim/body_hashes.hpp"
#include "dkim/signer.hpp"
#include "findings/findings.hpp"
#include "mail/domain.hpp"
#include "mail/header_field.hpp"

#include <optional>
#include <string>
#include <vector>

namespace sekisho::checkpoint {

/// For one message: start_…() at the end of the header section, then the body through `hashes`,
/// then the fields. Not thread-safe.
class Signing {
 public:
  /// Notes in `findings` why a message of ours is not signed.
  void start_signing(const Services& services, findings::Findings& findings,
                     const mail::HeaderSection& header, const Provenance& provenance,
                     dkim::BodyHashes& hashes);
  [[nodiscard]] bool signs() const { return signer_.has_value(); }
  /// d= of the signatures that sign() will make.
  [[nodiscard]] std::vector<mail::Domain> domains() const;

  /// Only what came from outside is sealed, now or on its way out again; what begins here has no
  /// chain to hold up.
  void start_sealing(const Services& services, const findings::Findings& findings,
                     const mail::HeaderSection& header, const Provenance& provenance,
                     dkim::BodyHashes& hashes);

  /// Our DKIM-Signatures, in the order in which they go on top. `hashes` must be finished.
  [[nodiscard]] std::vector<mail::HeaderField> sign(const dkim::BodyHashes& hashes,
                                                    findings::Outgoing& outgoing);
  /// Our ARC set, likewise. `chain` and `results`, the value of our Authentication-Results, are
  /// those of this visit; of a message that was here before, those of then count.
  [[nodiscard]] std::vector<mail::HeaderField> seal(const dkim::BodyHashes& hashes,
                                                    const arc::ChainResult& chain,
                                                    const std::string& results,
                                                    const std::vector<mail::HeaderField>& added,
                                                    findings::Outgoing& outgoing);

 private:
  struct Arrival {
    arc::ChainResult chain;
    std::string results;
  };

  std::optional<dkim::Signer> signer_;
  std::vector<findings::SignatureMade> names_;
  std::optional<arc::Sealer> sealer_;
  std::optional<Arrival> arrival_;  // of a message that was here before
};

}  // namespace sekisho::checkpoint
