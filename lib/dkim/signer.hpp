// Signing a message (RFC 6376 §5, RFC 8301, RFC 8463).
#pragma once

#include "dkim/body_hashes.hpp"
#include "dkim/sign_options.hpp"
#include "dkim/signing_key.hpp"
#include "mail/domain.hpp"
#include "mail/header_field.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::dkim {

/// One signature to be made.
struct SignatureRequest {
  SigningKeyPtr key;
  /// i= as `local@domain` or `@domain`; empty: the tag is left out. So it is where is_auid_of()
  /// says no: a signature that nobody can verify helps nobody.
  std::string auid;
};

/// Whether i= may say this beside that d=: an address, or `@` and a domain, within `domain` (RFC
/// 6376 §3.5).
[[nodiscard]] bool is_auid_of(std::string_view auid, const mail::Domain& domain);

/// One message's signatures, made in one pass over the body: construct at the end of the header
/// section, feed the body through `hashes`, then finish(). Keeps nothing of `header`. Not
/// thread-safe.
class Signer {
 public:
  Signer(const mail::HeaderSection& header, std::vector<SignatureRequest> requests,
         const SignOptions& options, std::chrono::sys_seconds now, BodyHashes& hashes);
  Signer(const Signer&) = delete;
  Signer& operator=(const Signer&) = delete;
  Signer(Signer&&) noexcept;
  Signer& operator=(Signer&&) noexcept;
  ~Signer();

  /// The DKIM-Signature fields in the order of the requests. `hashes` must be finished.
  [[nodiscard]] std::vector<mail::HeaderField> finish(const BodyHashes& hashes) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sekisho::dkim
