// What names people in a message, replaced so that two reports about one person can still be told
// to be (RFC 6590 §3).
#pragma once

#include "mail/header_field.hpp"

#include <string>
#include <string_view>

namespace sekisho::report {

class Redactor {
 public:
  explicit Redactor(std::string key) : key_(std::move(key)) {}

  /// Sixteen hexadecimal digits, the same for the same text in any case of letters: the beginning
  /// of its HMAC.
  [[nodiscard]] std::string pseudonym(std::string_view text) const;
  /// A path without angle brackets, its local part replaced. The null path stays.
  [[nodiscard]] std::string path(std::string_view path) const;
  /// The local part of every address in a text, wherever it stands. Takes time linear in the text.
  [[nodiscard]] std::string addresses_in(std::string_view text) const;

  /// The value of a header field. Fields of trace and authentication keep theirs, but for addresses
  /// and names of logins; of fields with addresses these alone are kept, without display names;
  /// Message-ID, by which an owner finds a message in logs, is as it was. What is left, Subject
  /// and all fields unknown here, is a pseudonym.
  [[nodiscard]] std::string field(const mail::HeaderField& field) const;

 private:
  [[nodiscard]] std::string address_list(std::string_view value) const;
  [[nodiscard]] std::string withheld(std::string_view value) const;

  std::string key_;
};

}  // namespace sekisho::report
