// What a site may set about verifying.
#pragma once

#include <chrono>
#include <cstddef>

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
  /// Bodies up to this size are searched for a footer where the author's signature fails; 0: none.
  /// What is found is a part of the reason, and changes no result.
  std::size_t footer_body_octets = std::size_t{1024} * 1024;
};

}  // namespace sekisho::dkim
