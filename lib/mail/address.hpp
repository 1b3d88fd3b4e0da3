// Addresses: mailbox lists of header fields (RFC 5322 §3.4, RFC 6854) and paths of the envelope
// (RFC 5321 §4.1.2).
#pragma once

#include "mail/domain.hpp"

#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::mail {

/// One mailbox's addr-spec. `local_part` has its quotes and escapes removed.
struct Mailbox {
  std::string local_part;
  std::string domain_text;       ///< As written, without comments and blanks.
  std::optional<Domain> domain;  ///< Nullopt where it is an address literal or no valid name.
};

enum class AddressError {
  empty,   ///< No mailbox at all: nothing, only comments, or only empty groups.
  syntax,  ///< Not the grammar; strict, since what two readers read differently is how authors are
           ///< forged.
  bad_character,  ///< A control byte, NUL, bare CR or LF, or invalid UTF-8.
  too_deep,       ///< Comments nested beyond the limit.
  too_many,       ///< More mailboxes than the limit.
};
[[nodiscard]] std::string_view format_address_error(AddressError error);

struct AddressLimits {
  std::size_t mailboxes = 1'000;
  std::size_t comment_depth = 50;
};

/// The mailboxes of an address-list, groups opened. Strict RFC 5322 §3.4 with the UTF-8 of RFC
/// 6532; what two readers may read differently is an error. Of the obsolete syntax (RFC 5322 §4.4)
/// it knows two forms: the route, which it ignores, and dots in display names, wherever they stand.
/// Dots may also stand anywhere in an unquoted local part, and a display name may be an address of
/// the same domain. Errors are therefore: empty list
/// members, text after `>`, a second `@`, blanks or comments inside a local part or a domain,
/// anything unbalanced, and what looks like an encoded word inside an addr-spec (RFC 2047 §5).
[[nodiscard]] std::expected<std::vector<Mailbox>, AddressError> parse_address_list(
    std::string_view value, const AddressLimits& limits = {});

/// A reverse-path or forward-path as an MTA gives it: with or without angle brackets, with or
/// without a source route (which is ignored, RFC 5321 appendix C), without comments and blanks.
/// Nullopt inside the expected: the null sender, `<>` or nothing.
[[nodiscard]] std::expected<std::optional<Mailbox>, AddressError> parse_path(std::string_view path);

}  // namespace sekisho::mail
