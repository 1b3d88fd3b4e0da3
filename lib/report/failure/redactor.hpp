// Replaces personal data in a message by pseudonyms, so that reports about one person can still be
// correlated (RFC 6590 §3).
#pragma once

#include "authres/authentication_results.hpp"
#include "mail/header_field.hpp"

#include <string>
#include <string_view>

namespace sekisho::report::failure {

class Redactor {
 public:
  explicit Redactor(std::string key) : key_(std::move(key)) {}

  /// Returns sixteen hexadecimal digits, the begin of an HMAC; equal for texts that differ only in
  /// the case of letters.
  [[nodiscard]] std::string pseudonym(std::string_view text) const;
  /// Returns an address (without angle brackets) with a pseudonym as local part; if the part after
  /// the last `@` is no domain name, a pseudonym for all of it. The null path is unchanged.
  [[nodiscard]] std::string mailbox(std::string_view address) const;
  /// Returns a domain name with more than one label unchanged; a pseudonym for anything else.
  [[nodiscard]] std::string domain(std::string_view text) const;

  /// Returns the redacted value of a header field. Trace and authentication fields are parsed by
  /// their grammar, and only parts without personal data are written: domains, addresses of hosts,
  /// registered words. Every other part becomes a pseudonym, comments are removed, and a field that
  /// does not match the grammar becomes one pseudonym. Of fields with addresses only these are
  /// kept, without display names. Message-ID is unchanged, since the owner finds a message in logs
  /// by it. Subject and unknown fields become one pseudonym. Linear time.
  [[nodiscard]] std::string field(const mail::HeaderField& field) const;

 private:
  [[nodiscard]] std::string address_list(std::string_view value) const;
  [[nodiscard]] std::string withheld(std::string_view value) const;

  std::string key_;
};

/// Returns results as in field(), without reasons that contain an address.
[[nodiscard]] authres::AuthenticationResults redacted_results(authres::AuthenticationResults field,
                                                              const Redactor& redactor);

}  // namespace sekisho::report::failure
