// Verifying all DKIM signatures of a message (RFC 6376 §6).
#pragma once

#include "dkim/body_hashes.hpp"
#include "dkim/key_fetches.hpp"
#include "dkim/result.hpp"
#include "dkim/verify_options.hpp"
#include "mail/domain.hpp"
#include "mail/header_field.hpp"

#include <chrono>
#include <optional>
#include <vector>

namespace sekisho::dkim {

/// One message's verification: construct at the end of the header section, feed the body through
/// `hashes`, then finish(). Key look-ups start in the constructor and are waited for in finish()
/// alone.
class Verifier {
 public:
  /// Asks `hashes` for what the signatures need. `author` (if there is one) decides which are tried
  /// first where there are too many. `header` is read here and kept as far as it is needed.
  Verifier(KeyFetches keys, const mail::HeaderSection& header,
           const std::optional<mail::Domain>& author, const VerifyOptions& options,
           std::chrono::sys_seconds now, BodyHashes& hashes);
  Verifier(const Verifier&) = delete;
  Verifier& operator=(const Verifier&) = delete;
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
  [[nodiscard]] Attempt read_field(const mail::HeaderField& field,
                                   std::chrono::sys_seconds now) const;
  void drop_excess(const std::optional<mail::Domain>& author);
  void ask(const std::optional<mail::Domain>& author, BodyHashes& hashes);
  void hash_headers(const mail::HeaderSection& header,
                    const std::vector<const mail::HeaderField*>& signature_fields);
  /// Adds to the reason of a body hash that does not match that lines were added at the end, if
  /// without them it does. The result stays as it is.
  static void find_footer(Attempt& attempt, const std::vector<KeyRecord>& keys,
                          const BodyHashes& hashes, Failure& failure);
  void decide(Attempt& attempt, const BodyHashes& hashes);

  VerifyOptions options_;
  KeyFetches keys_;
  std::vector<Attempt> attempts_;
};

}  // namespace sekisho::dkim
