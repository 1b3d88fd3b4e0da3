// The header fields that a signature covers, and their hash (RFC 6376 §3.7, §5.4.2): for verifying
// and signing, DKIM and ARC.
#pragma once

#include "crypto/base64.hpp"
#include "crypto/digest.hpp"
#include "dkim/canonicalize.hpp"
#include "mail/header_field.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::dkim {

/// Where each name stands in a message, for all signatures of a mechanism. Refers to `header`,
/// which must outlive it unchanged.
class HeaderIndex {
 public:
  explicit HeaderIndex(const mail::HeaderSection& header);

  /// How many fields of this name there are; case does not matter.
  [[nodiscard]] std::size_t count(std::string_view name) const;
  /// The fields that `names` select, in that order: of each name, whose case does not matter, the
  /// lowest field that was not selected before (RFC 6376 §5.4.2). Names without one (more) select
  /// nothing. `excluded` is never selected: the signature field itself (RFC 6376 §3.7).
  [[nodiscard]] std::vector<const mail::HeaderField*> select(
      std::span<const std::string> names, const mail::HeaderField* excluded) const;

 private:
  struct Entry {
    std::string_view name;
    const mail::HeaderField* field;
  };
  [[nodiscard]] std::span<const Entry> named(std::string_view name) const;

  /// In the order of their names, those of one name from the bottom. Sorted, not hashed: the cost
  /// does not depend on who chose the names.
  std::vector<Entry> entries_;
};

/// The field with the value of its b= tag, and the white space around that value, deleted; all else
/// as it stands (RFC 6376 §3.5, §3.7).
[[nodiscard]] mail::HeaderField without_signature_value(const mail::HeaderField& field);

/// Hash step 2 of RFC 6376 §3.7 under way: the signed fields one after the other. Not thread-safe.
class HeaderHash {
 public:
  HeaderHash(Canonicalization canonicalization, crypto::HashAlgorithm algorithm)
      : canonicalization_(canonicalization), digest_(algorithm) {}

  void add(const mail::HeaderField& field);
  /// The hash with `signature_field`, whose b= must be empty, after all that was added, without its
  /// last CRLF. Several signatures may end the same fields.
  [[nodiscard]] crypto::Bytes ended_by(const mail::HeaderField& signature_field) const;

 private:
  Canonicalization canonicalization_;
  crypto::Digest digest_;
  std::string canonical_;  ///< Of one field; here since its memory serves the next one.
};

/// All of hash step 2: `fields`, then `signature_field`, whose b= must be empty, without
/// its last CRLF.
[[nodiscard]] crypto::Bytes hash_header(std::span<const mail::HeaderField* const> fields,
                                        const mail::HeaderField& signature_field,
                                        Canonicalization canonicalization,
                                        crypto::HashAlgorithm algorithm);

}  // namespace sekisho::dkim
