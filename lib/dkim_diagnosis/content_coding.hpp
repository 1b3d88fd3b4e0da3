// Content-Transfer-Encodings (RFC 2045 §6) and charsets, in the ways of the programs that write
// them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sekisho::dkim_diagnosis {

enum class Encoding : std::uint8_t { none, quoted_printable, base64 };
/// `7bit`, `8bit`, `binary` and what is not known are `none`.
[[nodiscard]] Encoding read_encoding(std::string_view value);

/// How a program writes quoted-printable (RFC 2045 §6.7).
struct QuotedPrintableStyle {
  std::size_t line_length = 76;  ///< With the `=` of a soft line break.
  bool encodes_tabs = false;
  /// Punctuation that EBCDIC cannot hold, such as braces and brackets (RFC 2045 §6.7, rule 1).
  bool encodes_punctuation = false;
  bool protects_line_starts = false;  ///< `From ` and `.` at the beginning of a line.
};
/// Text with CRLF line ends, which stay.
[[nodiscard]] std::string encode_quoted_printable(std::string_view text,
                                                  const QuotedPrintableStyle& style);
/// One line with its soft line breaks, or several; tolerant: what is no code stays as it is.
[[nodiscard]] std::string decode_quoted_printable(std::string_view text);

/// Lines of `width` characters with CRLF after each but the last; 0: one line.
[[nodiscard]] std::string fold_base64(std::string_view characters, std::size_t width);
[[nodiscard]] std::string encode_base64_text(std::string_view octets);
[[nodiscard]] std::optional<std::string> decode_base64_text(std::string_view text);

/// Nullopt: a charset is not known, an octet has no counterpart, or the text is above 4 MB.
[[nodiscard]] std::optional<std::string> convert_charset(std::string_view text,
                                                         const std::string& from,
                                                         const std::string& to);
[[nodiscard]] bool is_ascii(std::string_view text);

}  // namespace sekisho::dkim_diagnosis
