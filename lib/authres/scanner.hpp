// The lexical elements that RFC 8601 §2.2 borrows: CFWS and quoted-string (RFC 5322 §3.2), token
// (RFC 2045 §5.1), Keyword (RFC 5321 §4.1.2).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace sekisho::authres {

/// token-char of RFC 2045 §5.1: printable US-ASCII but tspecials.
[[nodiscard]] bool is_token_char(char c);
[[nodiscard]] bool is_token(std::string_view text);

/// dot-atom-text of RFC 5322 §3.2.3, in which UTF-8 may stand (RFC 6532 §3.2).
[[nodiscard]] bool is_dot_atom(std::string_view text);
/// The text as a quoted-string (RFC 5322 §3.2.4); it holds no control byte.
[[nodiscard]] std::string quote(std::string_view text);

/// A cursor over a field's value, which must outlive it. Every call moves forward only, and nesting
/// is counted instead of recursed into: all of it together is linear in the text.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  [[nodiscard]] bool at_end() const { return at_ == text_.size(); }
  [[nodiscard]] std::size_t position() const { return at_; }
  /// The next character; NUL at the end.
  [[nodiscard]] char peek() const { return at_end() ? '\0' : text_[at_]; }
  /// Steps over `c` if it is next.
  bool accept(char c);

  /// Steps over [CFWS]. False: a comment that does not end, or a control byte in one.
  [[nodiscard]] bool skip_cfws();
  /// Ldh-str; empty where none is next.
  [[nodiscard]] std::string_view keyword();
  [[nodiscard]] std::string_view digits();
  /// A token, in which UTF-8 may stand (RFC 8601 §2.5); empty where none is next.
  [[nodiscard]] std::string_view token();
  /// All up to the next blank, control byte, `;`, parenthesis, quote or backslash.
  [[nodiscard]] std::string_view unquoted();
  /// The content of a quoted-string, unescaped and unfolded. Nullopt: none is next, it does not
  /// end, or it holds a control byte.
  [[nodiscard]] std::optional<std::string> quoted_string();

 private:
  template <typename Predicate>
  std::string_view run(Predicate belongs);
  bool skip_blank();
  bool skip_comment();

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace sekisho::authres
