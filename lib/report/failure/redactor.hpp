// What names people in a message, replaced so that two reports about one person can still be told
// to be (RFC 6590 §3).
#pragma once

#include "authres/authentication_results.hpp"
#include "mail/header_field.hpp"

#include <string>
#include <string_view>

namespace sekisho::report::failure {

class Redactor {
 public:
  explicit Redactor(std::string key) : key_(std::move(key)) {}

  /// Sixteen hexadecimal digits, the same for the same text in any case of letters: the beginning
  /// of its HMAC.
  [[nodiscard]] std::string pseudonym(std::string_view text) const;
  /// An address without angle brackets: its local part is replaced, its domain stays. All of it is
  /// replaced where what follows the last `@` is no domain name. The null path stays.
  [[nodiscard]] std::string mailbox(std::string_view address) const;
  /// A domain name with more than one label; everything else is replaced.
  [[nodiscard]] std::string domain(std::string_view text) const;

  /// The value of a header field. Fields of trace and authentication are parsed by their grammar
  /// and written anew from the parts that are known to name no person: domains, addresses of hosts,
  /// words of a registry. Every other part becomes a pseudonym, comments are left out, and a field
  /// that is not the grammar becomes one pseudonym as a whole. Of fields with addresses these alone
  /// are kept, without display names; Message-ID, by which an owner finds a message in logs, is as
  /// it was. Subject and all fields unknown here are one pseudonym. Time is linear in the value.
  [[nodiscard]] std::string field(const mail::HeaderField& field) const;

 private:
  [[nodiscard]] std::string address_list(std::string_view value) const;
  [[nodiscard]] std::string withheld(std::string_view value) const;

  std::string key_;
};

/// Results as field() leaves them, without reasons that hold an address.
[[nodiscard]] authres::AuthenticationResults redacted_results(authres::AuthenticationResults field,
                                                              const Redactor& redactor);

}  // namespace sekisho::report::failure
