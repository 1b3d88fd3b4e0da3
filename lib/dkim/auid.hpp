// The Agent or User Identifier, i= of a signature (RFC 6376 §3.5).
#pragma once

#include "mail/domain.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace sekisho::dkim {

struct Auid {
  std::string local_part;  ///< As an address spells it, with its quotes; may be empty. Valid UTF-8.
  mail::Domain domain;
  bool has_valid_local_part = true;  ///< False: there is one that is none, and it is left out.
};

/// Reads `[ Local-part ] "@" domain-name` in dkim-quoted-printable (RFC 6376 §2.11, RFC 8616 §5).
/// The signer vouches for the domain alone (RFC 6376 §2.6), so that any local part will do; a dot
/// at the end of the domain is dropped.
[[nodiscard]] std::optional<Auid> parse_auid(std::string_view value);

}  // namespace sekisho::dkim
