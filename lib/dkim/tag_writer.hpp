// Writes the tags of DKIM-Signature, ARC-Message-Signature and ARC-Seal (RFC 6376 §3.2, §3.5),
// folded (RFC 5322 §2.2.3).
#pragma once

#include "crypto/base64.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace sekisho::dkim {

/// Builds the value of a header field line by line: from the blank after the colon on, folds as
/// CRLF and a tab, no line end at the end. A line has at most 77 columns, the tab counted as 8,
/// unless one word alone is longer. What is written is what is hashed and what is sent.
class TagWriter {
 public:
  explicit TagWriter(std::string_view field_name);

  /// `value` is written as it stands, unbroken.
  void add(std::string_view name, std::string_view value);
  void add(std::string_view name, std::int64_t number) { add(name, std::to_string(number)); }
  /// Members with colons between them; what is longer than the rest of the line begins a new one,
  /// and lines may end after a colon.
  void add_list(std::string_view name, std::span<const std::string> members);
  /// The last tag, b=, still empty: text() is now what is hashed.
  void begin_signature();
  void end_signature(std::span<const std::uint8_t> signature);

  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  void begin_tag(std::size_t size);
  void append(std::string_view word);
  void break_line();

  std::string text_;
  std::size_t column_;
};

/// dkim-quoted-printable (RFC 6376 §2.11) without any 8-bit octet.
[[nodiscard]] std::string encode_quoted_printable(std::string_view text);

}  // namespace sekisho::dkim
