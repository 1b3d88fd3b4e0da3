// Signing a message (RFC 6376 §5, RFC 8301, RFC 8463).
#pragma once

#include "dkim/body_hashes.hpp"
#include "dkim/canonicalize.hpp"
#include "dkim/signing_key.hpp"
#include "mail/header_field.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace sekisho::dkim {

/// How mail is signed: section [signing] of the configuration, as far as the signature goes.
struct SignOptions {
  Canonicalization header_canonicalization = Canonicalization::relaxed;
  Canonicalization body_canonicalization = Canonicalization::relaxed;
  std::chrono::seconds expiry{std::chrono::days{7}};  ///< x= after t=; zero: no x=.
  /// Fields that are signed when they are present. Empty: those of RFC 6376 §5.4.1, and
  /// List-Unsubscribe and List-Unsubscribe-Post (RFC 8058 §4).
  std::vector<std::string> signed_fields;
  /// Named once more than they occur, so that none can be added (RFC 6376 §8.15). Never Sender and
  /// List-*, which mailing lists add.
  std::vector<std::string> oversigned_fields = {"From"};
};

/// One signature to be made.
struct SignatureRequest {
  SigningKeyPtr key;
  std::string auid;  ///< i=, empty: the tag is left out.
};

/// One message's signatures, made in one pass over the body: construct at the end of the header
/// section, feed the body through `hashes`, then finish(). Not thread-safe.
class Signer {
 public:
  Signer(const mail::HeaderSection& header, std::vector<SignatureRequest> requests,
         const SignOptions& options, std::chrono::sys_seconds now, BodyHashes& hashes);
  Signer(Signer&&) noexcept;
  Signer& operator=(Signer&&) noexcept;
  ~Signer();

  /// The DKIM-Signature fields in the order of the requests, values folded under 78 columns.
  /// `hashes` must be finished.
  [[nodiscard]] std::vector<mail::HeaderField> finish(const BodyHashes& hashes);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sekisho::dkim
