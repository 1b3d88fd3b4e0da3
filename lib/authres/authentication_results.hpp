// The Authentication-Results header field (RFC 8601): vocabulary, writing, parsing,
// and whose a field claims to be.
#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::authres {

/// `ptype.property=value` (RFC 8601 §2.3). The value is raw; the writer quotes it where it must be.
/// A mailbox whose local part is a quoted-string keeps those quotes: they belong to the address.
struct Property {
  std::string type;  ///< smtp, header, body, policy
  std::string name;
  std::string value;

  bool operator==(const Property&) const = default;
};

/// One resinfo (RFC 8601 §2.2).
struct MethodResult {
  std::string method;
  std::string result;
  std::string reason;  ///< `reason=`; empty: none.
  std::vector<Property> properties;
  std::string comment;  ///< Written in parentheses where comments are on; what a parsed field had
                        ///< in them is not kept.

  bool operator==(const MethodResult&) const = default;
};

struct AuthenticationResults {
  std::string authserv_id;
  std::vector<MethodResult> results;  ///< Empty: `none`.

  bool operator==(const AuthenticationResults&) const = default;
};

struct WriteOptions {
  bool comments = false;  ///< Off: a large receiver cannot parse a `;` inside them.
};

/// Values longer than this, as they are written, are left out: no legitimate one is, and a line of
/// a message ends at 998 octets (RFC 5322 §2.1.1).
inline constexpr std::size_t max_written_value = 512;
/// What format() writes is no longer. Postfix cuts a field at 60,000 octets, libmilter inserts none
/// above 65,535, and an ARC-Authentication-Results repeats this one.
inline constexpr std::size_t max_written_octets = std::size_t{10} * 1024;

/// The value of the field: begins with a blank, folded with CRLF and a tab under 78 columns (the
/// name of the field counted in, the tab as eight), without CRLF at the end. It is folded between
/// results and between properties only; a longer value stays whole. Values that hold a control
/// byte or an encoded word (RFC 2047 §2), or are no UTF-8, are left out, as are empty ones; values
/// that are neither token nor mailbox are quoted (RFC 8601 §2.2, RFC 2045 §5.1). Method, result and
/// property names are written as they are: they are words of the program. The first result that
/// would exceed `max_written_octets` and all behind it are left out.
[[nodiscard]] std::string format(const AuthenticationResults& field,
                                 const WriteOptions& options = {});

enum class ParseError {
  syntax,
  no_authserv_id,       ///< Begins with `method=result`, as Microsoft 365 writes it.
  unsupported_version,  ///< Of the field, RFC 8601 §2.6; a result of an unknown method version is
                        ///< only left out.
  too_large,            ///< Above `max_parsed_octets`.
};

inline constexpr std::size_t max_parsed_octets = std::size_t{64} * 1024;

/// Strict in the grammar, with CFWS wherever RFC 8601 §2.2 has it, method version `/1` included.
/// Two things more are read than the RFC allows, since the largest writers write them: a value
/// without quotes may hold the `/ : = ? @ [ ]` that would need them (header.b, IPv6 addresses), and
/// a `word=value` without a ptype is passed over (Microsoft 365's `action=none`).
/// Method, result and property names come back in lower case.
[[nodiscard]] std::expected<AuthenticationResults, ParseError> parse(std::string_view value);

/// Whether the field claims to be ours, in whatever shape (RFC 8601 §5): compared without case,
/// quotes, comments and folds, a trailing dot, A-labels against U-labels, and other forms of
/// letters and dots (NFKC). In doubt (unreadable before the first `;`, yet holding our id) it is
/// ours: a forged field must not survive, a broken one is no loss. So is one that has an encoded
/// word there, which readers decode, or says more than 4096 octets before it names anybody. Time is
/// linear in the value.
[[nodiscard]] bool claims_authserv_id(std::string_view value, std::string_view authserv_id);

/// Whether the field states a version of the header field other than 1. Such fields MUST be removed
/// too, unless they come from a trusted internal MTA (RFC 8601 §5, §2.6).
[[nodiscard]] bool has_unsupported_version(std::string_view value);

}  // namespace sekisho::authres
