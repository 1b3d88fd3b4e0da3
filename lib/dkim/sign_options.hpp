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
  /// the MIME fields (§5.4). From is signed whatever stands here (RFC 6376 §5.4).
  std::vector<std::string> signed_fields;
  /// Fields that are signed when they are present, beside `signed_fields`: receivers offer
  /// one-click unsubscription only where both of these are signed (RFC 8058 §4).
  std::vector<std::string> always_signed = {"List-Unsubscribe", "List-Unsubscribe-Post"};
  /// Named once more than they occur, so that none can be added (RFC 6376 §8.15), and signed when
  /// they are present.
  std::vector<std::string> oversigned_fields = {"From"};

  bool operator==(const SignOptions&) const = default;
};

}  // namespace sekisho::dkim
