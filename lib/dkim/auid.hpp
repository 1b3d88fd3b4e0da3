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
};

/// Reads `[ Local-part ] "@" domain-name` in dkim-quoted-printable (RFC 6376 §2.11, RFC 8616 §5).
[[nodiscard]] std::optional<Auid> parse_auid(std::string_view value);

}  // namespace sekisho::dkim
