// Encoded words (RFC 2047), as far as one has to know what they hide.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sekisho::mail {

/// encoded-word = "=?" charset ["*" language] "?" encoding "?" encoded-text "?=" (RFC 2231 §5).
/// Views into the text that it was found in.
struct EncodedWord {
  std::string_view charset;
  char encoding = ' ';  ///< In lower case.
  std::string_view text;
  bool is_closed = false;
};

/// The next one of `rest`, which is cut to what follows it; nullopt: there is none.
[[nodiscard]] std::optional<EncodedWord> take_encoded_word(std::string_view& rest);

/// The octets that the word stands for, in its charset. Nullopt where the encoding is unknown, and
/// for base64 that one decoder reads and another does not.
[[nodiscard]] std::optional<std::string> decode(const EncodedWord& word);

/// Whether a mail reader could take a part of `text` for an encoded word, closed at least.
[[nodiscard]] bool may_hold_encoded_word(std::string_view text);

/// Whether `text` holds U+FF20 or U+FE6B in UTF-8, which look like `@` and which a reader may turn
/// into one (Unicode, NFKC).
[[nodiscard]] bool has_at_sign_lookalike(std::string_view text);

/// Whether an encoded word in `text` shows an `@` to whoever decodes it, or may do so: words that
/// are not closed, of an unknown charset or encoding, with base64 that readers decode differently,
/// or with another encoded word inside. Charsets in which the octet 0x40 is not the only `@`
/// (UTF-7, UTF-16, EBCDIC) are as unknown ones.
[[nodiscard]] bool may_hide_at_sign(std::string_view text);

}  // namespace sekisho::mail
