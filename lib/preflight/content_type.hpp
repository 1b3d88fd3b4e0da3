// The fields that say what a MIME part is: Content-Type and Content-Transfer-Encoding (RFC 2045 §5,
// §6; RFC 2231 §3).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace sekisho::preflight {

struct ContentType {
  std::string type = "text";  ///< In lower case.
  std::string subtype = "plain";
  /// Names in lower case, values without quotation marks. Of RFC 2231 parts (`name*0`) the pieces
  /// are joined; octets are not decoded.
  std::map<std::string, std::string, std::less<>> parameters;

  [[nodiscard]] bool is_multipart() const { return type == "multipart"; }
  [[nodiscard]] bool is_message() const { return type == "message" && subtype == "rfc822"; }
  [[nodiscard]] std::string_view parameter(std::string_view name) const;
};

/// Nullopt: it is not the grammar of RFC 2045 §5.1. At most 100 parameters.
[[nodiscard]] std::optional<ContentType> parse_content_type(std::string_view value);

enum class TransferEncoding : std::uint8_t {
  seven_bit,
  eight_bit,
  binary,
  quoted_printable,
  base64,
  unknown,
};
/// Absent fields are `seven_bit` (RFC 2045 §6.1): do not ask for them.
[[nodiscard]] TransferEncoding parse_transfer_encoding(std::string_view value);

/// Returns true if mail readers know this charset.
[[nodiscard]] bool is_known_charset(std::string_view charset);

/// A value without comments (RFC 5322 §3.2.2), folds and outer blanks; nullopt where a comment or
/// quoted string does not end. Quoted strings stay as they are.
[[nodiscard]] std::optional<std::string> without_comments(std::string_view value);

}  // namespace sekisho::preflight
