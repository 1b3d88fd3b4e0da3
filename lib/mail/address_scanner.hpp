// The tokens of addresses (RFC 5322 §3.2, §3.4.1), for the grammar in address.cpp.
#pragma once

#include "mail/address.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace sekisho::mail {

/// Steps over a text that has passed is_clean_value(), so that CR and LF are parts of folds. Holds
/// a view of the text. Never steps back, so the work is linear in its size.
class AddressScanner {
 public:
  /// Without `comment_depth` neither comments nor blanks may stand between tokens (RFC 5321).
  AddressScanner(std::string_view text, std::optional<std::size_t> comment_depth)
      : rest_(text), comment_depth_(comment_depth) {}

  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  [[nodiscard]] bool is_next(char c) const { return rest_.starts_with(c); }
  /// Steps over `c` if it is next.
  bool take(char c);

  /// Steps over blanks, folds and comments, if any. False where a comment does not end or lies too
  /// deep: error() tells which.
  [[nodiscard]] bool skip_cfws();
  /// A quoted string with its quotes, or the longest run of atext and dots; empty where neither is
  /// next. Nullopt where a quoted string does not end.
  [[nodiscard]] std::optional<std::string_view> take_word();
  /// An address literal with its brackets; nullopt where none is next.
  [[nodiscard]] std::optional<std::string_view> take_literal();

  /// Why one of these returned false or nullopt.
  [[nodiscard]] AddressError error() const { return error_; }

 private:
  [[nodiscard]] bool skip_comment(std::size_t max_depth);
  [[nodiscard]] std::optional<std::string_view> take_quoted_string();
  std::string_view take_octets(std::size_t count);

  std::string_view rest_;
  std::optional<std::size_t> comment_depth_;
  AddressError error_ = AddressError::syntax;
};

/// dot-atom-text = 1*atext *("." 1*atext), of a run of atext and dots.
[[nodiscard]] bool is_dot_atom(std::string_view run);
/// An address literal without its blanks and line ends.
[[nodiscard]] std::string without_blanks(std::string_view literal);

}  // namespace sekisho::mail
