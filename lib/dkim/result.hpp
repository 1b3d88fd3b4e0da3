// What came of one DKIM-Signature (RFC 6376 §3.9, RFC 8601 §2.7.1).
#pragma once

#include "dkim/fault.hpp"
#include "mail/domain.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace sekisho::dkim {

/// One signature's outcome. Domain, selector and the rest are there as far as the signature could
/// be read; text that came from the message is safe to print only where its type says so.
struct Result {
  ResultCode code = ResultCode::neutral;
  Fault fault = Fault::none;           ///< Why it does not pass.
  std::string reason;                  ///< The same for people: "body hash did not verify".
  std::optional<mail::Domain> domain;  ///< d=, in A-labels.
  std::string selector;                ///< s=, in A-labels; "" where it is no valid name.
  std::string algorithm;               ///< a=, where it is a known word; or "".
  std::string auid;  ///< i= as `local@domain` or `@domain`, valid; the default `@d` where absent.
  std::string
      signature;  ///< b=, base64 without blanks: what header.b shows the beginning of (RFC 6008).
  std::size_t key_bits = 0;
  /// Lines that were added at the end of the body after it was signed; 0: none, or not known.
  std::size_t added_lines = 0;
  bool testing = false;  ///< The key record has t=y (RFC 6376 §3.6.1).

  bool operator==(const Result&) const = default;
};

}  // namespace sekisho::dkim
