// What a site may set about signing.
#pragma once

#include "dkim/canonicalize.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace sekisho::dkim {

/// How mail is signed: section [signing] of the configuration, as far as the signature goes.
struct SignOptions {
  Canonicalization header_canonicalization = Canonicalization::relaxed;
  Canonicalization body_canonicalization = Canonicalization::relaxed;
  std::chrono::seconds expiry{std::chrono::days{7}};  ///< x= after t=; zero: no x=.
  /// Fields that are signed when they are present. Empty: those of RFC 6376 §5.4.1, Message-ID and
  /// the MIME fields (§5.4). From, List-Unsubscribe and List-Unsubscribe-Post (RFC 8058 §4) are
  /// signed whatever stands here.
  std::vector<std::string> signed_fields;
  /// Named once more than they occur, so that none can be added (RFC 6376 §8.15), and signed when
  /// they are present.
  std::vector<std::string> oversigned_fields = {"From"};
};

}  // namespace sekisho::dkim
