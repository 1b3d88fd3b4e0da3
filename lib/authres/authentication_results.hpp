// The Authentication-Results header field (RFC 8601): vocabulary, writing, parsing.
#pragma once

#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::authres {

/// `ptype.property=value` (RFC 8601 §2.3). The value is raw; the writer quotes it where it must be.
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

/// The value of the field: begins with a blank, folded with CRLF and a tab under 78 columns (the
/// name of the field counted in), without CRLF at the end. Values that hold a control byte are left
/// out; values that are no token are quoted (RFC 8601 §2.2, RFC 2045 §5.1).
[[nodiscard]] std::string format(const AuthenticationResults& field,
                                 const WriteOptions& options = {});

enum class ParseError { syntax, no_authserv_id, too_large };

/// Strict in the grammar, with CFWS wherever RFC 8601 §2.2 has it, version `/1` included.
[[nodiscard]] std::expected<AuthenticationResults, ParseError> parse(std::string_view value);

/// The authserv-id alone, read leniently: comments, folds, quotes and what follows it do not
/// matter. Nullopt where no reading finds one.
[[nodiscard]] std::optional<std::string> find_authserv_id(std::string_view value);

/// Whether the field claims to be ours, in whatever shape (RFC 8601 §5): compared without case,
/// quotes, comments and folds, a trailing dot and A-labels against U-labels. In doubt (unreadable
/// before the first `;`, yet holding our id) it is ours: a forged field must not survive, a broken
/// one is no loss.
[[nodiscard]] bool claims_authserv_id(std::string_view value, std::string_view authserv_id);

}  // namespace sekisho::authres
