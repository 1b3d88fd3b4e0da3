// Verifying all DKIM signatures of a message (RFC 6376 §6).
#pragma once

#include "dkim/body_hashes.hpp"
#include "dkim/result.hpp"
#include "dns/lookups.hpp"
#include "mail/domain.hpp"
#include "mail/header_field.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

namespace sekisho::dkim {

/// Section [dkim] of the configuration, as far as verifying goes.
struct VerifyOptions {
  std::size_t max_signatures =
      10;  ///< More are `policy`, untried; those of the author's domain come first.
  std::size_t min_rsa_bits = 1024;  ///< RFC 8301 §3.2; may be raised, not lowered.
  std::size_t max_rsa_bits = 8192;
  std::chrono::seconds clock_drift{300};
  bool allow_partial_body =
      false;  ///< Let a signature pass whose l= leaves a part of the body unsigned.
  std::size_t max_signed_names = 1'000;  ///< Names in h=.
};

/// One message's verification: construct at the end of the header section, feed the body through
/// `hashes`, then finish(). Key look-ups start in the constructor and are waited for in finish()
/// alone.
class Verifier {
 public:
  /// Asks `hashes` for what the signatures need. `author` (if there is one) decides which are tried
  /// first where there are too many. `header` is read here and kept as far as it is needed.
  Verifier(dns::Lookups lookups, const mail::HeaderSection& header,
           const std::optional<mail::Domain>& author, const VerifyOptions& options,
           std::chrono::sys_seconds now, BodyHashes& hashes);
  Verifier(Verifier&&) noexcept;
  Verifier& operator=(Verifier&&) noexcept;
  ~Verifier();

  /// d= of every signature that is tried: DMARC may ask for these domains' records ahead.
  [[nodiscard]] std::vector<mail::Domain> domains() const;

  /// One result a signature, in the order of the fields from the top. Waits for keys; `hashes` must
  /// be finished.
  [[nodiscard]] std::vector<Result> finish(const BodyHashes& hashes);

 private:
  struct Attempt;
  std::vector<Attempt> attempts_;
};

}  // namespace sekisho::dkim
